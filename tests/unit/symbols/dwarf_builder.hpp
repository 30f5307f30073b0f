// Builds debug sections byte by byte, so that tests can be read and damaged.
#pragma once

#include <string_view>

#include "../binary/module_builder.hpp"
#include "symbols/dwarf/constants.hpp"
#include "symbols/dwarf/sections.hpp"

namespace cloche::symbols::dwarf::testing {

using binary::Bytes;
using binary::testing::bytes;
using binary::testing::leb;

inline Bytes number(uint64_t value, unsigned size) {
  Bytes out;
  for (unsigned i = 0; i < size; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
  return out;
}
inline Bytes u16(uint64_t value) { return number(value, 2); }
inline Bytes u32(uint64_t value) { return number(value, 4); }
/// A string and its zero.
inline Bytes str(std::string_view text) {
  Bytes out(text.begin(), text.end());
  out.push_back(0);
  return out;
}
/// A 32-bit unit: its length, then its contents.
inline Bytes unit(const Bytes& contents) { return bytes(u32(contents.size()), contents); }

// Rows of a program whose line_base is -5, line_range 14 and opcode_base 13.
inline Bytes set_address(uint32_t address) { return bytes(lns_extended, 5, lne_set_address, u32(address)); }
inline Bytes end_sequence() { return bytes(lns_extended, 1, lne_end_sequence); }
inline Bytes special(int line_advance, int address_advance) {
  return bytes(13 + (line_advance + 5) + 14 * address_advance);
}

/// The standard header fields of the program, from min_inst_length to the operand counts; without the number
/// of operations per instruction in version 3.
inline Bytes standard_fields(int version) {
  const Bytes counts = bytes(0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1);
  const Bytes rest = bytes(1, 0xFB, 14, 13, counts);
  return version < 4 ? bytes(1, rest) : bytes(1, 1, rest);
}

/// Directory "/src/lib" is 1; files: 1 is main.c of the unit's own directory, 2 is inner.h of directory 1.
inline Bytes line_unit_4(const Bytes& program, int version = 4) {
  const Bytes tables = bytes(str("/src/lib"), 0, str("main.c"), leb(0), leb(0), leb(0), str("inner.h"),
                             leb(1), leb(0), leb(0), 0);
  const Bytes header = bytes(standard_fields(version), tables);
  return unit(bytes(u16(version), u32(header.size()), header, program));
}

/// Directories: 0 is /code, 1 is lib; files: 0 is main.c, 1 is inner.h of directory 1.
inline Bytes line_unit_5(const Bytes& program) {
  const Bytes tables = bytes(1, lnct_path, form_string, leb(2), str("/code"), str("lib"),  //
                             2, lnct_path, form_string, lnct_directory_index, form_udata, leb(2),
                             str("main.c"), 0, str("inner.h"), 1);
  const Bytes header = bytes(standard_fields(5), tables);
  return unit(bytes(u16(5), 4, 0, u32(header.size()), header, program));
}

}  // namespace cloche::symbols::dwarf::testing
