// Expressions over a stopped program: `$x+1`, `i32[$p+4] == 7`, `u8[1024]`, `u8@$heap[16]` and
// `u8@1[16]` of other memories than the first. Names are locals of the chosen frame, then globals; a name
// without $ is taken too.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace cloche::debug {

/// A whole number or a floating-point one.
struct Number {
  bool is_float = false;
  int64_t whole = 0;
  double real = 0;

  bool is_true() const { return is_float ? real != 0 : whole != 0; }
  /// "-3 (0xfffffffffffffffd)", "1.5".
  std::string to_string() const;
};

/// What expressions refer to.
struct ExpressionWorld {
  /// The value of a local or global; nothing when there is none of that name.
  std::function<std::optional<Number>(std::string_view name)> variable;
  enum class Load : uint8_t { good, no_memory, outside };
  /// Copies bytes of a memory: an index, or a name with or without $; empty for memory 0.
  std::function<Load(std::string_view memory, uint64_t address, void* to, size_t size)> memory;
};

/// Computes an expression. C's operators and precedences: || && | ^ & == != < <= > >= << >> + - * / % and
/// unary - !
/// ~; parentheses up to 64 deep. Fails with a sentence that says what is wrong.
base::Expected<Number, std::string> evaluate(std::string_view text, const ExpressionWorld& world);

}  // namespace cloche::debug
