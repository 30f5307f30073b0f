// Edits that might mend a type error: guesses, which suggest.hpp tries out.
#pragma once

#include <vector>

#include "diagnostics/explain.hpp"

namespace cloche::diagnostics {

struct Idea {
  Help help;
  bool decisive = false;  // if it helps, nothing else need be tried
};

/// Pieces of advice with edits, the likeliest first. The module must have come from text.
std::vector<Idea> ideas_for(const CodeContext& context, const FunctionFailure& failure);

/// Whether an instruction's result says yes or no.
bool is_test(wasm::Op op);

}  // namespace cloche::diagnostics
