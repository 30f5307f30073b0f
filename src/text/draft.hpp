// A module as the assembler builds it: a wasm::Module whose ranges count in `buffer` and whose `offset`
// members are source offsets, and beside it what only the text knows.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "binary/names.hpp"
#include "text/parser.hpp"
#include "wasm/module.hpp"

namespace cloche::text {

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

/// Where the instruction at a buffer offset stands in the source.
struct Mark {
  uint32_t buffer_offset;
  uint32_t source_offset;
};

struct Draft {
  wasm::Module module;
  std::vector<uint8_t> buffer;  // function bodies, expressions, element lists, data, custom contents
  std::vector<Mark> marks;
  binary::NameSection names;
  std::vector<DraftCustom> customs;
  std::vector<binary::FuncBranchHints> hints;  // offsets count in the buffer until the module is written
  bool has_own_name_section = false;
  bool writes_names = true;
  bool keeps_layout = false;
  bool keeps_offsets = true;             // otherwise there are no marks
  uint32_t explicit_rec_groups = 0;      // those that stand in the text
  std::vector<uint32_t> implicit_funcs;  // see SourceLayout
  std::vector<uint32_t> implicit_tags;
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

}  // namespace cloche::text
