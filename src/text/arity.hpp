// How many operands an instruction takes and how many results it leaves, for arranging bodies in folded form.
// On invalid code the answer is some number; the folded text has the same instructions in the same order
// regardless.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "binary/instr_reader.hpp"
#include "wasm/module.hpp"

namespace cloche::text {

struct Arity {
  uint32_t operands = 0;
  uint32_t results = 0;
};

/// What an instruction's arity may depend on beside the module.
struct ArityContext {
  const wasm::Module& module;
  const wasm::FuncType* func;        // of the function, null if unknown
  std::span<const uint32_t> labels;  // what a branch to each enclosing block carries, outermost first
};

/// The arity of an instruction that does not open or close a block.
Arity instr_arity(const ArityContext& context, const binary::Instr& instr);

/// Parameters and results of a block.
Arity block_arity(const wasm::Module& module, const wasm::BlockType& type);

}  // namespace cloche::text
