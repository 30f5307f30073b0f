// Expected in our own namespace, and TRY to pass errors on.
#pragma once

#include "base/assert.hpp"
#include "cloche/expected.hpp"

namespace cloche::base {
using cloche::Expected;
using cloche::Unexpected;
}  // namespace cloche::base

/// Evaluates to the value of an Expected, or returns its error from the enclosing function.
/// (A statement expression: GCC and Clang both have it, and nothing else keeps call sites this short.)
#define TRY(expression)                                                  \
  __extension__({                                                        \
    auto try_result_ = (expression);                                     \
    if (!try_result_.has_value()) [[unlikely]]                           \
      return ::cloche::base::Unexpected{std::move(try_result_).error()}; \
    std::move(try_result_).value();                                      \
  })
