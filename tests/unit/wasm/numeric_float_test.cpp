// Scalar floating-point instructions: against the C library on numbers, against the spec's rules on NaNs.
#include "wasm/numeric_float.h"

#include <cmath>

#include "numeric_cases.h"

namespace cloche::wasm::numeric {
namespace {

using test::edge_floats;
using test::edge_numbers;
using test::is_arithmetic_nan;
using test::is_canonical_nan;
using test::nan;
using test::quiet_bit;

static_assert(f32_add(1.5F, 2) == 3.5F && f32_sub(1, 2) == -1 && f32_mul(-3, 2) == -6 &&
              f32_div(1, 4) == 0.25F);
static_assert(f64_add(1.5, 2) == 3.5 && f64_sub(1, 2) == -1 && f64_mul(-3, 2) == -6 && f64_div(1, 4) == 0.25);
static_assert(f32_eq(0.0F, -0.0F) == 1 && f32_ne(1, 1) == 0 && f32_lt(1, 2) == 1 && f32_gt(1, 2) == 0);
static_assert(f32_le(1, 1) == 1 && f32_ge(1, 2) == 0);
static_assert(f64_eq(0.0, -0.0) == 1 && f64_ne(1, 1) == 0 && f64_lt(1, 2) == 1 && f64_gt(1, 2) == 0);
static_assert(f64_le(1, 1) == 1 && f64_ge(1, 2) == 0);
static_assert(f32_nearest(2.5F) == 2 && f32_ceil(2.5F) == 3 && f32_floor(-2.5F) == -3 &&
              f32_trunc(-2.5F) == -2);
static_assert(f64_nearest(3.5) == 4 && f64_ceil(-0.5) == 0 && f64_floor(-0.5) == -1 && f64_trunc(0.9) == 0);

template <class F>
void expect_same_bits(F actual, F expected, F operand) {
  EXPECT_EQ(test::bits(actual), test::bits(expected))
      << operand << " gives " << actual << ", not " << expected;
}

TEST(NumericFloat, RoundsNumbersLikeTheLibrary) {
  for (const float a : edge_numbers<float>()) {
    expect_same_bits(f32_ceil(a), std::ceil(a), a);
    expect_same_bits(f32_floor(a), std::floor(a), a);
    expect_same_bits(f32_trunc(a), std::trunc(a), a);
    expect_same_bits(f32_nearest(a), std::nearbyint(a), a);
  }
  for (const double a : edge_numbers<double>()) {
    expect_same_bits(f64_ceil(a), std::ceil(a), a);
    expect_same_bits(f64_floor(a), std::floor(a), a);
    expect_same_bits(f64_trunc(a), std::trunc(a), a);
    expect_same_bits(f64_nearest(a), std::nearbyint(a), a);
  }
}

TEST(NumericFloat, RoundsAnyBitsLikeTheLibrary) {
  test::Numbers numbers;
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t random = numbers.next();
    const auto a = std::bit_cast<float>(static_cast<uint32_t>(random));
    // An exponent for which there is a fraction.
    const auto b = std::bit_cast<double>((random & 0x803FFFFFFFFFFFFF) | 0x4000000000000000);
    if (a != a) continue;
    expect_same_bits(f32_ceil(a), std::ceil(a), a);
    expect_same_bits(f32_floor(a), std::floor(a), a);
    expect_same_bits(f32_trunc(a), std::trunc(a), a);
    expect_same_bits(f32_nearest(a), std::nearbyint(a), a);
    expect_same_bits(f64_ceil(b), std::ceil(b), b);
    expect_same_bits(f64_floor(b), std::floor(b), b);
    expect_same_bits(f64_trunc(b), std::trunc(b), b);
    expect_same_bits(f64_nearest(b), std::nearbyint(b), b);
  }
}

TEST(NumericFloat, SquareRoots) {
  EXPECT_EQ(f32_sqrt(2.25F), 1.5F);
  EXPECT_EQ(f64_sqrt(2.25), 1.5);
  EXPECT_EQ(test::bits(f64_sqrt(-0.0)), test::bits(-0.0));
  volatile float negative = -1;
  EXPECT_TRUE(is_canonical_nan(f32_sqrt(negative)));
  EXPECT_TRUE(is_canonical_nan(f64_sqrt(negative)));
}

TEST(NumericFloat, SignInstructionsTouchOnlyTheSign) {
  for (const float a : edge_floats<float>()) {
    EXPECT_EQ(test::bits(f32_abs(a)), test::bits(a) & 0x7FFFFFFF);
    EXPECT_EQ(test::bits(f32_neg(a)), test::bits(a) ^ 0x80000000);
    EXPECT_EQ(test::bits(f32_copysign(a, nan<float>(1, true))), test::bits(a) | 0x80000000);
    EXPECT_EQ(test::bits(f32_copysign(a, 1)), test::bits(a) & 0x7FFFFFFF);
  }
  constexpr uint64_t sign = uint64_t{1} << 63;
  for (const double a : edge_floats<double>()) {
    EXPECT_EQ(test::bits(f64_abs(a)), test::bits(a) & ~sign);
    EXPECT_EQ(test::bits(f64_neg(a)), test::bits(a) ^ sign);
    EXPECT_EQ(test::bits(f64_copysign(a, nan<double>(1, true))), test::bits(a) | sign);
    EXPECT_EQ(test::bits(f64_copysign(a, 1)), test::bits(a) & ~sign);
  }
}

template <class F>
void expect_comparisons(F a, F b, std::array<uint32_t, 6> results) {
  EXPECT_EQ(results, (std::array<uint32_t, 6>{a == b, a != b, a<b, a> b, a <= b, a >= b})) << a << ", " << b;
}

TEST(NumericFloat, ComparesLikeTheLanguage) {
  for (const float a : edge_floats<float>())
    for (const float b : edge_floats<float>())
      expect_comparisons(
          a, b, {f32_eq(a, b), f32_ne(a, b), f32_lt(a, b), f32_gt(a, b), f32_le(a, b), f32_ge(a, b)});
  for (const double a : edge_floats<double>())
    for (const double b : edge_floats<double>())
      expect_comparisons(
          a, b, {f64_eq(a, b), f64_ne(a, b), f64_lt(a, b), f64_gt(a, b), f64_le(a, b), f64_ge(a, b)});
}

template <class F>
F least(F a, F b) {
  if (a == b) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
template <class F>
F greatest(F a, F b) {
  if (a == b) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

TEST(NumericFloat, MinAndMaxOrderZerosBySign) {
  for (const float a : edge_numbers<float>())
    for (const float b : edge_numbers<float>()) {
      expect_same_bits(f32_min(a, b), least(a, b), a);
      expect_same_bits(f32_max(a, b), greatest(a, b), a);
    }
  for (const double a : edge_numbers<double>())
    for (const double b : edge_numbers<double>()) {
      expect_same_bits(f64_min(a, b), least(a, b), a);
      expect_same_bits(f64_max(a, b), greatest(a, b), a);
    }
}

/// The spec's nans{}: canonical if every NaN among the operands is, else arithmetic.
template <class F>
void expect_nan(F result, bool all_canonical) {
  EXPECT_TRUE(all_canonical ? is_canonical_nan(result) : is_arithmetic_nan(result))
      << std::hex << test::bits(result);
}

template <class F>
void expect_nans_of(std::initializer_list<F (*)(F)> ops) {
  for (const auto op : ops)
    for (const F a : edge_floats<F>())
      if (a != a) expect_nan(op(a), is_canonical_nan(a));
}
template <class F>
void expect_nans_of(std::initializer_list<F (*)(F, F)> ops) {
  const auto harmless = [](F v) { return v == v || is_canonical_nan(v); };
  for (const auto op : ops)
    for (const F a : edge_floats<F>())
      for (const F b : edge_floats<F>())
        if (a != a || b != b) expect_nan(op(a, b), harmless(a) && harmless(b));
}

TEST(NumericFloat, NansAreQuietAndCanonicalWhereTheyMustBe) {
  expect_nans_of<float>({f32_ceil, f32_floor, f32_trunc, f32_nearest, f32_sqrt});
  expect_nans_of<double>({f64_ceil, f64_floor, f64_trunc, f64_nearest, f64_sqrt});
  expect_nans_of<float>({f32_add, f32_sub, f32_mul, f32_div, f32_min, f32_max});
  expect_nans_of<double>({f64_add, f64_sub, f64_mul, f64_div, f64_min, f64_max});
}

TEST(NumericFloat, NewNansAreCanonical) {
  volatile float infinity = std::numeric_limits<float>::infinity();
  volatile float zero = 0;
  EXPECT_TRUE(is_canonical_nan(f32_sub(infinity, infinity)));
  EXPECT_TRUE(is_canonical_nan(f32_mul(infinity, zero)));
  EXPECT_TRUE(is_canonical_nan(f32_div(zero, zero)));
  EXPECT_TRUE(is_canonical_nan(f64_add(infinity, f64_neg(infinity))));
  EXPECT_TRUE(is_canonical_nan(f64_div(infinity, infinity)));
}

TEST(NumericFloat, CanonicalizeLeavesNumbersAlone) {
  for (const float a : edge_floats<float>())
    EXPECT_EQ(test::bits(canonicalize(a)), a == a ? test::bits(a) : 0x7FC00000);
  for (const double a : edge_floats<double>())
    EXPECT_EQ(test::bits(canonicalize(a)), a == a ? test::bits(a) : 0x7FF8000000000000);
}

}  // namespace
}  // namespace cloche::wasm::numeric
