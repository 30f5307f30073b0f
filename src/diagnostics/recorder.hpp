// Runs the validator's pass over a function that it has refused once more, this time with a sink that
// remembers which instruction pushed each operand.
#pragma once

#include <optional>
#include <vector>

#include "validate/module_types.hpp"
#include "validate/sink.hpp"
#include "wasm/error.hpp"

namespace cloche::diagnostics {

/// Where an operand comes from. Offsets count in the module.
struct Origin {
  uint32_t pushed_by = 0;  // the instruction
  uint32_t begin =
      0;             // of the instructions that compute it, when they stand one after another; else pushed_by
  uint32_t end = 0;  // one past the last of them
  uint32_t kept_by = 0;  // a branch that was not taken and left it where it was; 0 for none
};

struct Operand {
  wasm::ValType type;            // canonical
  std::optional<Origin> origin;  // none in code that cannot be reached
};

/// A br_if that carries one value: what each of its operands is.
struct BranchNote {
  uint32_t offset = 0;
  Origin value;
  wasm::ValType value_type;
  Origin condition;
};

/// A block that is open where an error is.
struct OpenBlock {
  validate::FrameKind kind = validate::FrameKind::block;
  uint32_t opener = 0;  // offset of the instruction that began it; of the function: of its first instruction
  uint32_t part = 0;    // the same for its current part: else, catch
  uint32_t height = 0;  // operands beneath its parameters
  bool unreachable = false;
  std::vector<wasm::ValType> params;   // canonical
  std::vector<wasm::ValType> results;  // canonical

  const std::vector<wasm::ValType>& label_types() const {
    return kind == validate::FrameKind::loop ? params : results;
  }
};

/// An error in an expression, and the state of the pass before the instruction that has it.
struct FunctionFailure {
  wasm::Error error;
  uint32_t offset = 0;                  // of the instruction
  std::vector<Operand> stack;           // the topmost operands, bottom to top
  uint32_t first_height = 0;            // height of the first of them
  std::vector<BranchNote> branches;     // those that have kept one of `stack`
  std::vector<OpenBlock> blocks;        // the innermost ones, the innermost last
  std::vector<wasm::ValType> required;  // operands that were required, if that is what failed
  uint32_t required_end = 0;            // one past the height of the last of them

  uint32_t height() const { return first_height + static_cast<uint32_t>(stack.size()); }
  /// Operands of the innermost block.
  std::vector<Operand> block_operands() const;
};

/// All errors in a defined function's body, `most` of them at most.
std::vector<FunctionFailure> record_function(const validate::ModuleTypes& types, uint32_t defined_index,
                                             size_t most);

/// All errors in an expression that must leave one value of a canonical type. Whether it is constant is not
/// checked.
std::vector<FunctionFailure> record_expr(const validate::ModuleTypes& types, wasm::Expr expr,
                                         wasm::ValType type, size_t most);

}  // namespace cloche::diagnostics
