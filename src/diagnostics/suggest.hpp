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
  Trial(std::string_view source, text::SourceRange range, wasm::FeatureSet features, size_t text_errors)
      : source_(source), range_(range), features_(features), text_errors_(text_errors) {}
  /// How many errors the definitions have, so that it can be seen when there is one less.
  void set_definition_errors(size_t count) { definition_errors_ = count; }

  /// How far edits help.
  enum class Effect : uint8_t {
    none,     // the error is still there, or there is a new one before it
    further,  // it is gone, and there is another one behind it
    all,      // the function or expression has no error any more
  };
  /// What the edits do to error number `number` of a function, or to the one error of a constant expression.
  Effect effect(const CodeContext& context, const FunctionFailure& failure, size_t number,
                const std::vector<Edit>& edits);

 private:
  std::string_view source_;
  text::SourceRange range_;  // of the module in the source
  wasm::FeatureSet features_;
  size_t text_errors_;
  size_t definition_errors_ = 0;
  uint64_t bytes_left_ = 32u << 20;
};

/// Adds help to the diagnostic of failures[number]. `trial` is null where edits cannot be tried, as for
/// binaries.
void add_advice(const CodeContext& context, const std::vector<FunctionFailure>& failures, size_t number,
                Trial* trial, Diagnostic& diagnostic);

}  // namespace cloche::diagnostics
