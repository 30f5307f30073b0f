// From an error and the state of the pass to a diagnostic: what an instruction wanted, what was there, where
// that came from. Advice is the business of suggest.hpp.
#pragma once

#include <optional>

#include "diagnostics/diagnostic.hpp"
#include "diagnostics/recorder.hpp"
#include "diagnostics/subject.hpp"

namespace cloche::diagnostics {

/// The expression that an error is in, and what belongs around it.
struct CodeContext {
  const Subject& subject;
  const validate::ModuleTypes& types;
  std::optional<uint32_t> func;  // its index; none for constant expressions
  wasm::Expr body;               // the instructions

  std::string type(wasm::ValType type) const { return types.to_string(type); }
  std::string list(std::span<const wasm::ValType> list) const { return types.to_string(list); }
};

/// What the last operands of an instruction had to be: as the failure has it, but whole where the pass checks
/// operands in steps.
struct Requirement {
  std::vector<wasm::ValType> types;
  uint32_t end = 0;  // one past the height of the last
};
Requirement required_operands(const CodeContext& context, const FunctionFailure& failure);

/// The operand at a height, if it belongs to the innermost block.
const Operand* operand_at(const FunctionFailure& failure, uint32_t height);

/// The block that a branch's label means; null if it is too far out to be known.
const OpenBlock* label_block(const FunctionFailure& failure, uint32_t depth);

/// Whether the failure is about what a block leaves at its end.
bool is_about_results(const CodeContext& context, const FunctionFailure& failure);

Diagnostic explain_code(const CodeContext& context, const FunctionFailure& failure);

/// An error of a definition, that is of anything but a body.
Diagnostic explain_definition(const Subject& subject, const wasm::Error& error);

/// Bytes that cannot be decoded.
Diagnostic explain_malformed(std::span<const uint8_t> bytes, const wasm::Error& error);

}  // namespace cloche::diagnostics
