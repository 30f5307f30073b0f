// Constant expressions at instantiation (spec: Validation / Instructions / Constant Expressions).
#pragma once

#include <cstdint>
#include <span>

#include "abi/context.hpp"

namespace cloche::runtime {

/// Evaluates a validated constant expression of the instance; the result's one or two slots go to `result`,
/// which may itself be a root. Operands live on the context's value stack. Globals that the expression reads
/// are initialized. `expr` may go on after the expression's `end`; `used`, when given, is set to the bytes up
/// to and with it. Traps: out_of_memory (aggregates), call_stack_exhausted (more operands than the value
/// stack holds).
wasm::TrapCode evaluate_const(abi::Context& context, abi::Instance& instance, std::span<const uint8_t> expr,
                              abi::Slot* result, size_t* used = nullptr);

}  // namespace cloche::runtime
