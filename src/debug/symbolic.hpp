// Expressions for the values that instructions push: "(a+b)*2", "load8_u[p+4]", "f(a, b)".
#pragma once

#include <span>
#include <string>

#include "debug/labels.hpp"
#include "validate/sink.hpp"

namespace cloche::debug {

/// An expression and how tightly its outermost operator binds.
struct Expression {
  std::string text;
  uint8_t binding = 0;
};
inline constexpr uint8_t binds_always = 20;

/// What an instruction's result number `index` (of `count`) is, its operands being `in`, the deepest first.
Expression symbolic(const Labels& labels, uint32_t func, const validate::Instr& instr,
                    std::span<const Expression> in, uint32_t index, uint32_t count);

}  // namespace cloche::debug
