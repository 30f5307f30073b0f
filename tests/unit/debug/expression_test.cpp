#include "debug/session/expression.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace cloche::debug {
namespace {

/// x is 5, y is -2, half is 0.5; memory 0 holds the bytes 1 to 8 from 0 on, memory 1, $other, nines.
ExpressionWorld world() {
  ExpressionWorld world;
  world.variable = [](std::string_view name) -> std::optional<Number> {
    if (name == "x") return Number{false, 5, 0};
    if (name == "y") return Number{false, -2, 0};
    if (name == "half") return Number{true, 0, 0.5};
    return std::nullopt;
  };
  world.memory = [](std::string_view memory, uint64_t address, void* to, size_t size) {
    constexpr uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 0x88};
    constexpr uint8_t others[] = {9, 9, 9, 9, 9, 9, 9, 9};
    const bool is_other = memory == "1" || memory == "$other";
    if (!memory.empty() && !is_other) return ExpressionWorld::Load::no_memory;
    if (address > sizeof bytes || size > sizeof bytes - address) return ExpressionWorld::Load::outside;
    std::memcpy(to, (is_other ? others : bytes) + address, size);
    return ExpressionWorld::Load::good;
  };
  return world;
}

TEST(Expression, HasTheOperatorsAndPrecedencesOfC) {
  const std::pair<const char*, int64_t> cases[] = {
      {"1+2*3", 7},
      {"(1+2)*3", 9},
      {"10-3-2", 5},
      {"7/2", 3},
      {"-7/2", -3},
      {"7%4", 3},
      {"1<<4|1", 17},
      {"6&3^1", 3},
      {"1+1==2", 1},
      {"2<1", 0},
      {"3>=3", 1},
      {"!0", 1},
      {"!5", 0},
      {"~0", -1},
      {"-(-3)", 3},
      {"0x10", 16},
      {"$x+1", 6},
      {"x*$y", -10},
      {"u8[0]", 1},
      {"u16[2]", 0x0403},
      {"i8[7]", -120},
      {"u8[7]", 0x88},
      {"u32[x-1]", 0x88070605},
      {"i32[4]", -2012805627},
      {"u64[0]", static_cast<int64_t>(0x8807060504030201)},
      {"u8[u8[0]]", 2},
      {" 1 + 1 ", 2},
      {"u8@1[0]", 9},
      {"u8@$other[u8[0]] + u8[0]", 10},
      {"1 && 0", 0},
      {"2 && 3", 1},
      {"0 || 7", 1},
      {"0 || 0", 0},
      {"1 || 0 && 0", 1},
      {"1|0 && 0", 0},
      {"1 == 1 && 2 > 1", 1},
      {"0 && 1/0", 0},  // what is decided is not computed
      {"1 || u8[99]", 1},
      {"0 && $nobody", 0},
      {"0 && 1/0 || 1", 1},
      {"9223372036854775807+1", INT64_MIN},
      {"(0-9223372036854775807-1)/-1", INT64_MIN},
      {"5%-1", 0},
      {"1<<64", 1},
  };
  for (const auto& [text, expected] : cases) {
    const auto found = evaluate(text, world());
    ASSERT_TRUE(found) << text << ": " << found.error();
    EXPECT_FALSE(found->is_float) << text;
    EXPECT_EQ(found->whole, expected) << text;
  }
}

TEST(Expression, ComputesWithFractions) {
  EXPECT_EQ(evaluate("half+1", world())->to_string(), "1.5");
  EXPECT_EQ(evaluate("1.5*2 == 3", world())->whole, 1);
  EXPECT_EQ(evaluate("x/half", world())->to_string(), "10");
}

TEST(Expression, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "a value is missing"},
      {"1+", "a value is missing"},
      {"(1", "')' is missing"},
      {"u8[0", "']' is missing"},
      {"1 2", "unexpected '2'"},
      {"#", "no local or global is named '#'"},
      {"$nobody", "no local or global is named '$nobody'"},
      {"1/0", "division by zero"},
      {"1 && 1/0", "division by zero"},
      {"0 && (", "a value is missing"},
      {"u8@9[0]", "there is no memory '9'"},
      {"u8@1[8]", "there is no memory at 8 (0x8)"},
      {"u8@[0]", "a memory is missing behind '@'"},
      {"u8@1", "'[' is missing"},
      {"1%0", "division by zero"},
      {"u32[6]", "there is no memory at 6 (0x6)"},
      {"half|1", "'|' takes whole numbers"},
      {"0xzz", "'0xzz' is no number"},
      {"99999999999999999999", "'99999999999999999999' is no number"},
  };
  for (const auto& [text, expected] : cases) {
    const auto found = evaluate(text, world());
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error(), expected);
  }
}

TEST(Expression, DepthIsLimited) {
  EXPECT_FALSE(evaluate(std::string(1'000'000, '('), world()));
  EXPECT_FALSE(evaluate(std::string(1'000'000, '-') + "1", world()));
  std::string sum = "1";
  for (int i = 0; i < 100'000; ++i) sum += "+1";
  EXPECT_EQ(evaluate(sum, world())->whole, 100'001);
}

}  // namespace
}  // namespace cloche::debug
