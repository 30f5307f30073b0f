// Conversions between scalar types: bounds, traps, saturation, rounding, NaNs.
#include "wasm/numeric_convert.h"

#include <cmath>

#include "numeric_cases.h"

namespace cloche::wasm::numeric {
namespace {

using test::edge_floats;
using test::is_arithmetic_nan;
using test::is_canonical_nan;

static_assert(i32_wrap_i64(0xFFFFFFFF80000001) == 0x80000001);
static_assert(i64_extend_i32_s(0x80000000) == 0xFFFFFFFF80000000 &&
              i64_extend_i32_u(0x80000000) == 0x80000000);

static_assert(f32_convert_i32_s(0x80000000) == -2147483648.0F &&
              f32_convert_i32_u(0x80000000) == 2147483648.0F);
static_assert(f32_convert_i32_s(16777217) == 16777216.0F && f32_convert_i32_u(16777219) == 16777220.0F,
              "ties to even");
static_assert(f32_convert_i64_s(~uint64_t{0}) == -1 &&
              f32_convert_i64_u(~uint64_t{0}) == 18446744073709551616.0F);
static_assert(f32_convert_i64_u(0x8000008000000001) == 0x1.000002p63F, "rounded once, not by way of f64");
static_assert(f64_convert_i32_s(0x80000000) == -2147483648.0 &&
              f64_convert_i32_u(0xFFFFFFFF) == 4294967295.0);
static_assert(f64_convert_i64_s(uint64_t{1} << 63) == -0x1p63 &&
              f64_convert_i64_u(0x8000000000000400) == 0x1p63);
static_assert(f64_convert_i64_u(0x8000000000000401) == 0x1.0000000000001p63);

static_assert(f32_demote_f64(0.1) == 0.1F && f64_promote_f32(0.5F) == 0.5);

static_assert(i32_reinterpret_f32(-1.0F) == 0xBF800000 && f32_reinterpret_i32(0xBF800000) == -1.0F);
static_assert(i64_reinterpret_f64(-1.0) == 0xBFF0000000000000 &&
              f64_reinterpret_i64(0xBFF0000000000000) == -1.0);

TEST(NumericConvert, ReinterpretKeepsEveryBit) {
  for (const uint32_t v : test::edge_integers<uint32_t>())
    EXPECT_EQ(i32_reinterpret_f32(f32_reinterpret_i32(v)), v);
  for (const uint64_t v : test::edge_integers<uint64_t>())
    EXPECT_EQ(i64_reinterpret_f64(f64_reinterpret_i64(v)), v);
}

TEST(NumericConvert, NansStayCanonicalOrTurnQuiet) {
  for (const double a : edge_floats<double>()) {
    if (a == a) continue;
    const float result = f32_demote_f64(a);
    EXPECT_TRUE(is_canonical_nan(a) ? is_canonical_nan(result) : is_arithmetic_nan(result));
  }
  for (const float a : edge_floats<float>()) {
    if (a == a) continue;
    const double result = f64_promote_f32(a);
    EXPECT_TRUE(is_canonical_nan(a) ? is_canonical_nan(result) : is_arithmetic_nan(result));
  }
}

/// What truncation must give, found in long double, which holds every f64 and every i64 exactly.
template <class Int, class F>
void expect_truncation(Trapping<std::make_unsigned_t<Int>> (*trunc)(F),
                       std::make_unsigned_t<Int> (*trunc_sat)(F)) {
  using T = std::make_unsigned_t<Int>;
  static_assert(std::numeric_limits<long double>::digits >= 64);
  auto operands = edge_floats<F>();
  for (const F a : edge_floats<F>())
    if (std::isfinite(a))
      for (const F toward : {F(0), std::numeric_limits<F>::infinity()})
        operands.push_back(std::nextafter(a, toward));
  constexpr auto low = static_cast<long double>(std::numeric_limits<Int>::min());
  constexpr auto high = static_cast<long double>(std::numeric_limits<Int>::max());
  for (const F a : operands) {
    if (a != a) {
      EXPECT_EQ(trunc(a), (Trapping<T>{0, TrapCode::invalid_conversion_to_integer}));
      EXPECT_EQ(trunc_sat(a), T{0});
      continue;
    }
    const long double whole = std::trunc(static_cast<long double>(a));
    const bool fits = whole >= low && whole <= high;
    const auto nearest = static_cast<T>(static_cast<Int>(whole < low ? low : whole > high ? high : whole));
    EXPECT_EQ(trunc(a), fits ? Trapping<T>{nearest} : (Trapping<T>{0, TrapCode::integer_overflow})) << a;
    EXPECT_EQ(trunc_sat(a), nearest) << a;
  }
}

TEST(NumericConvert, TruncatesWithinBounds) {
  expect_truncation<int32_t, float>(i32_trunc_f32_s, i32_trunc_sat_f32_s);
  expect_truncation<uint32_t, float>(i32_trunc_f32_u, i32_trunc_sat_f32_u);
  expect_truncation<int32_t, double>(i32_trunc_f64_s, i32_trunc_sat_f64_s);
  expect_truncation<uint32_t, double>(i32_trunc_f64_u, i32_trunc_sat_f64_u);
  expect_truncation<int64_t, float>(i64_trunc_f32_s, i64_trunc_sat_f32_s);
  expect_truncation<uint64_t, float>(i64_trunc_f32_u, i64_trunc_sat_f32_u);
  expect_truncation<int64_t, double>(i64_trunc_f64_s, i64_trunc_sat_f64_s);
  expect_truncation<uint64_t, double>(i64_trunc_f64_u, i64_trunc_sat_f64_u);
}

// The bounds themselves
static_assert(i32_trunc_f64_s(-2147483648.9) == Trapping<uint32_t>{0x80000000});
static_assert(i32_trunc_f64_s(-2147483649.0).trap == TrapCode::integer_overflow);
static_assert(i32_trunc_f64_s(2147483647.9) == Trapping<uint32_t>{0x7FFFFFFF});
static_assert(i32_trunc_f64_u(-0.9) == Trapping<uint32_t>{0} &&
              i32_trunc_f64_u(4294967295.9).value == 0xFFFFFFFF);
static_assert(i32_trunc_f32_u(-1.0F).trap == TrapCode::integer_overflow);
static_assert(i64_trunc_f32_s(-0x1p63F) == Trapping<uint64_t>{uint64_t{1} << 63});
static_assert(i64_trunc_sat_f64_u(0x1p64) == ~uint64_t{0} && i64_trunc_sat_f64_u(-1) == 0);

}  // namespace
}  // namespace cloche::wasm::numeric
