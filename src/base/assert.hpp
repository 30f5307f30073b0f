// ASSERT states what only a mistake of ours could break. Input never reaches one: input errors are values.
#pragma once

namespace cloche::base {
/// Prints the failed condition and its place to stderr and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}  // namespace cloche::base

/// Checked in every build: a broken invariant must not run on inside a sandbox.
#define ASSERT(condition) \
  (static_cast<bool>(condition) ? void(0) : ::cloche::base::assertion_failed(#condition, __FILE__, __LINE__))

/// Checked in debug builds only; for hot paths.
#ifdef NDEBUG
#define DEBUG_ASSERT(condition) static_cast<void>(sizeof(static_cast<bool>(condition)))
#else
#define DEBUG_ASSERT(condition) ASSERT(condition)
#endif

#define UNREACHABLE(reason) ::cloche::base::assertion_failed(reason, __FILE__, __LINE__)
