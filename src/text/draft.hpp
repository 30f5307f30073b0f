// A module as the assembler builds it: a wasm::Module whose ranges count in `buffer` and whose `offset`
// members are source offsets, and beside it what only the text knows.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "text/parser.hpp"
#include "wasm/module.hpp"

namespace cloche::text {

struct NameEntry {
  uint32_t index;
  std::string_view name;
};

struct InnerNameEntry {
  uint32_t outer;  // function or type
  uint32_t inner;  // local, label or field
  std::string_view name;
};

/// Everything a name section says. Entries are in increasing order of their indices.
struct DraftNames {
  std::string_view module;
  bool has_module = false;
  std::vector<NameEntry> funcs, types, tables, mems, globals, elems, datas, tags;
  std::vector<InnerNameEntry> locals, labels, fields;
};

/// Where among the sections a custom section goes: 0 is before all of them; for the section of a rank r, 2r +
/// 1 is before and 2r + 2 after it.
struct CustomPlace {
  uint8_t position;
};

struct DraftCustom {
  std::string_view name;
  wasm::ByteRange contents;  // in the buffer
  CustomPlace place;
  uint32_t source_offset;
};

struct DraftHint {
  uint32_t func;           // function index
  uint32_t buffer_offset;  // of the instruction
  uint8_t value;           // 1 for likely
};

/// Where the instruction at a buffer offset stands in the source.
struct Mark {
  uint32_t buffer_offset;
  uint32_t source_offset;
};

struct Draft {
  wasm::Module module;
  std::vector<uint8_t> buffer;  // function bodies, expressions, element lists, data, custom contents
  std::vector<Mark> marks;
  DraftNames names;
  std::vector<DraftCustom> customs;
  std::vector<DraftHint> hints;  // in order of buffer offset
  bool has_own_name_section = false;
  bool uses_data_index = false;     // so that there is a data count section
  std::deque<std::string> strings;  // names that are not spelled out in the source
};

/// The ranks of the sections, for CustomPlace: type 0, import, func, table, memory, tag, global, export,
/// start, elem, datacount, code, data 12.
inline constexpr uint8_t section_ranks = 13;
inline constexpr CustomPlace place_before_first{0};
inline constexpr CustomPlace place_after_last{section_ranks * 2 + 1};

/// The binary module of a draft, and the map of its offsets. Fails: limit_exceeded for modules over 1 GiB.
wasm::Result<Assembled> write_module(Draft& draft);

/// The contents of the name section for the names, without the section's own name; empty when there are none.
std::vector<uint8_t> write_names(const DraftNames& names);

}  // namespace cloche::text
