// Wide arithmetic.
#include "wasm/numeric_wide.h"

#include <gtest/gtest.h>

namespace cloche::wasm::numeric {
namespace {

constexpr uint64_t minus1 = ~uint64_t{0};
constexpr uint64_t smallest = uint64_t{1} << 63;

static_assert(i64_add128(1, 0, minus1, 0) == Wide{0, 1}, "the carry");
static_assert(i64_add128(1, 1, minus1, minus1) == Wide{0, 1}, "wraps");
static_assert(i64_sub128(0, 0, 1, 0) == Wide{minus1, minus1}, "the borrow");
static_assert(i64_sub128(0, 1, 1, 0) == Wide{minus1, 0});
static_assert(i64_mul_wide_s(minus1, minus1) == Wide{1, 0});
static_assert(i64_mul_wide_s(smallest, smallest) == Wide{0, uint64_t{1} << 62});
static_assert(i64_mul_wide_s(smallest, 2) == Wide{0, minus1});
static_assert(i64_mul_wide_u(minus1, minus1) == Wide{1, minus1 - 1});
static_assert(i64_mul_wide_u(smallest, 2) == Wide{0, 1});

TEST(NumericWide, DifferenceUndoesSum) {
  const Wide sum = i64_add128(3, minus1, smallest, 17);
  EXPECT_EQ(i64_sub128(sum.low, sum.high, smallest, 17), (Wide{3, minus1}));
}

}  // namespace
}  // namespace cloche::wasm::numeric
