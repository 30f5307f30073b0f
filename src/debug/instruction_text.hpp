// One instruction as the text format writes it, names of the name section included.
#pragma once

#include <span>
#include <string>

#include "binary/instr_reader.hpp"
#include "debug/labels.hpp"

namespace cloche::debug {

/// Where an instruction stands, for the names that depend on it.
struct Surroundings {
  uint32_t func = 0;
  /// Names of the labels of the open blocks, the outermost (the function) first; empty for those without a
  /// name.
  std::span<const std::string_view> labels = {};
  /// The name of the label that this instruction opens.
  std::string_view own_label = {};
};

/// "i32.load offset=4", "br_if $again", "call_indirect (type $t)". `reader` has read `instr`.
std::string instruction_text(const Labels& labels, const binary::InstrReader& reader,
                             const binary::Instr& instr, const Surroundings& around);

/// A value or heap type of the module: "i32", "(ref null $pair)".
std::string type_text(const Labels& labels, wasm::ValType type);
std::string heap_text(const Labels& labels, wasm::HeapType heap);

}  // namespace cloche::debug
