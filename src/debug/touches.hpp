// Which memories an instruction touches, in words: locals, globals, linear memory, tables, the collected
// heap; calls and exceptions. What touches none of them works on the value stack only.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "binary/instr_reader.hpp"
#include "debug/labels.hpp"

namespace cloche::debug {

/// An instruction in its function, with the expressions on top of the stack before it, the top one last. As
/// many as it takes, or fewer where the code is not reached.
struct TouchedBy {
  const binary::Instr& instr;
  uint32_t func = 0;
  std::span<const std::string> operands;
};

/// "reads local a", "writes 4 bytes of memory at p+12"; empty for an instruction that works on the value
/// stack only.
std::vector<std::string> touches(const Labels& labels, const TouchedBy& what);

/// How many operands an instruction with a fixed signature or a place in memory takes; an upper bound for
/// others.
uint32_t operands_to_show(wasm::Op op);

}  // namespace cloche::debug
