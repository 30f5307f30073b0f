// Advice on type errors: edits that might be what is missing. Each is tried out first, by assembling and
// validating the edited text, and only those that mend the error are offered.
#pragma once

#include <string_view>

#include "diagnostics/explain.hpp"
#include "wasm/features.hpp"

namespace cloche::diagnostics {

/// Tries edits of one source, with a budget of work for all of them together.
class Trial {
 public:
  /// `text_errors`: how many errors of the text format the source has.
  Trial(std::string_view source, wasm::FeatureSet features, size_t text_errors)
      : source_(source), features_(features), text_errors_(text_errors) {}

  /// Whether the edits do away with error number `number` of a function, without a new one before it.
  bool mends(const CodeContext& context, const FunctionFailure& failure, size_t number,
             const std::vector<Edit>& edits);

 private:
  std::string_view source_;
  wasm::FeatureSet features_;
  size_t text_errors_;
  uint64_t bytes_left_ = 32u << 20;
};

/// Adds help to the diagnostic of failures[number]. `trial` is null where edits cannot be tried, as for
/// binaries.
void add_advice(const CodeContext& context, const std::vector<FunctionFailure>& failures, size_t number,
                Trial* trial, Diagnostic& diagnostic);

}  // namespace cloche::diagnostics
