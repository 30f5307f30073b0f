// The debug sections of a module, and what bounds the work spent on them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "symbols/dwarf/cursor.hpp"
#include "wasm/module.hpp"

namespace cloche::symbols::dwarf {

/// Contents of the custom sections with DWARF's names; empty where there is none. Views of the module's
/// bytes.
struct Sections {
  std::span<const uint8_t> info, abbrev, line, str, line_str, str_offsets, addr, ranges, rnglists;

  bool empty() const { return line.empty(); }
  uint64_t total_bytes() const {
    return info.size() + abbrev.size() + line.size() + str.size() + line_str.size() + str_offsets.size() +
           addr.size() + ranges.size() + rnglists.size();
  }
};

Sections find_sections(const wasm::Module& module);

/// The string at an offset of a string section; empty when there is none.
std::string_view string_at(std::span<const uint8_t> section, uint64_t offset);

/// Steps that reading a module's DWARF may take in all: a multiple of its size, so that sections which refer
/// to the same bytes again and again cost no more than honest ones. Whatever is left unread is unknown.
class Budget {
 public:
  explicit Budget(uint64_t bytes) : left_(bytes * 16 + 4096) {}
  /// False when nothing is left.
  bool spend(uint64_t steps = 1) {
    if (left_ < steps) left_ = 0;
    if (left_ == 0) return false;
    left_ -= steps;
    return true;
  }

 private:
  uint64_t left_;
};

/// The length field that units begin with (DWARF 5, 7.4): leaves the cursor behind it and limited to the
/// unit. Gives the size of offsets in the unit, 4 or 8.
unsigned enter_unit(Cursor& cursor);

}  // namespace cloche::symbols::dwarf
