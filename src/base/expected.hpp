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
#define TRY(expression) CLOCHE_TRY_(expression, __COUNTER__)
// Names carry a number because a TRY may stand inside another's expression.
#define CLOCHE_TRY_(expression, number) CLOCHE_TRY_JOIN_(expression, number)
#define CLOCHE_TRY_JOIN_(expression, number) CLOCHE_TRY_NAMED_(expression, try_result_##number)
#define CLOCHE_TRY_NAMED_(expression, result)                       \
  __extension__({                                                   \
    auto result = (expression);                                     \
    if (!result.has_value()) [[unlikely]]                           \
      return ::cloche::base::Unexpected{std::move(result).error()}; \
    std::move(result).value();                                      \
  })
