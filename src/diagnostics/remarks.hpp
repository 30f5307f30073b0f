// What is worth saying about an instruction that is wrong, beside its operands: what its callee, label, local
// or memory is, and what it would need.
#pragma once

#include "diagnostics/explain.hpp"

namespace cloche::diagnostics {

/// Adds labels, notes and help to the diagnostic of a failure.
void put_remarks(const CodeContext& context, const FunctionFailure& failure, Diagnostic& diagnostic);

}  // namespace cloche::diagnostics
