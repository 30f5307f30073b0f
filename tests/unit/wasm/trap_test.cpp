// Trap codes and their texts.
#include "wasm/trap.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cloche::wasm {
namespace {

static_assert(static_cast<int>(TrapCode::none) == 0, "generated code tests a trap against zero");
static_assert(trap_text(TrapCode::none) == "none");
static_assert(trap_text(TrapCode::unreachable) == "unreachable");
static_assert(trap_text(TrapCode::integer_divide_by_zero) == "integer divide by zero");

TEST(Trap, EveryCodeHasItsOwnText) {
  for (const auto text : detail::trap_texts) {
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(std::count(detail::trap_texts.begin(), detail::trap_texts.end(), text), 1) << text;
  }
  EXPECT_EQ(trap_text(TrapCode::host_error), "host error");
}

}  // namespace
}  // namespace cloche::wasm
