// Floating-point SIMD instructions: each lane is what the scalar instruction of the same name gives.
#include "wasm/numeric_simd_float.h"

#include "numeric_cases.h"
#include "wasm/numeric_convert.h"

namespace cloche::wasm::numeric {
namespace {

using test::expect_lanes;
using test::vectors;

static_assert(f32x4_add(V128::from_lanes(std::array{1.F, 2.F, 3.F, 4.F}), V128{}).lane<float>(3) == 4);
static_assert(f64x2_floor(V128::from_lanes(std::array{1.5, -1.5})) ==
              V128::from_lanes(std::array{1.0, -2.0}));
static_assert(f64x2_min(V128::from_lanes(std::array{0.0, 1.0}), V128::from_lanes(std::array{-0.0, 2.0})) ==
              V128::from_lanes(std::array{-0.0, 1.0}));

TEST(NumericSimdFloat, Comparisons) {
  const auto mask = [](auto op) { return [op](auto a, auto b) { return 0 - op(a, b); }; };
  expect_lanes<float, uint32_t>(f32x4_eq, mask(f32_eq));
  expect_lanes<float, uint32_t>(f32x4_ne, mask(f32_ne));
  expect_lanes<float, uint32_t>(f32x4_lt, mask(f32_lt));
  expect_lanes<float, uint32_t>(f32x4_gt, mask(f32_gt));
  expect_lanes<float, uint32_t>(f32x4_le, mask(f32_le));
  expect_lanes<float, uint32_t>(f32x4_ge, mask(f32_ge));
  const auto mask64 = [](auto op) { return [op](auto a, auto b) { return 0 - uint64_t{op(a, b)}; }; };
  expect_lanes<double, uint64_t>(f64x2_eq, mask64(f64_eq));
  expect_lanes<double, uint64_t>(f64x2_ne, mask64(f64_ne));
  expect_lanes<double, uint64_t>(f64x2_lt, mask64(f64_lt));
  expect_lanes<double, uint64_t>(f64x2_gt, mask64(f64_gt));
  expect_lanes<double, uint64_t>(f64x2_le, mask64(f64_le));
  expect_lanes<double, uint64_t>(f64x2_ge, mask64(f64_ge));
}

TEST(NumericSimdFloat, SignAndRounding) {
  expect_lanes<float>(f32x4_abs, f32_abs);
  expect_lanes<float>(f32x4_neg, f32_neg);
  expect_lanes<float>(f32x4_ceil, f32_ceil);
  expect_lanes<float>(f32x4_floor, f32_floor);
  expect_lanes<float>(f32x4_trunc, f32_trunc);
  expect_lanes<float>(f32x4_nearest, f32_nearest);
  expect_lanes<float>(f32x4_sqrt, f32_sqrt);
  expect_lanes<double>(f64x2_abs, f64_abs);
  expect_lanes<double>(f64x2_neg, f64_neg);
  expect_lanes<double>(f64x2_ceil, f64_ceil);
  expect_lanes<double>(f64x2_floor, f64_floor);
  expect_lanes<double>(f64x2_trunc, f64_trunc);
  expect_lanes<double>(f64x2_nearest, f64_nearest);
  expect_lanes<double>(f64x2_sqrt, f64_sqrt);
}

/// As `op`, but with every NaN the canonical one: of two NaNs, compilers may take either first.
template <class F>
auto canonical(F (*op)(F, F)) {
  return [op](F a, F b) { return canonicalize(op(a, b)); };
}

TEST(NumericSimdFloat, Arithmetic) {
  expect_lanes<float>([](V128 a, V128 b) { return canonicalize_f32x4(f32x4_add(a, b)); }, canonical(f32_add));
  expect_lanes<float>([](V128 a, V128 b) { return canonicalize_f32x4(f32x4_sub(a, b)); }, canonical(f32_sub));
  expect_lanes<float>([](V128 a, V128 b) { return canonicalize_f32x4(f32x4_mul(a, b)); }, canonical(f32_mul));
  expect_lanes<float>([](V128 a, V128 b) { return canonicalize_f32x4(f32x4_div(a, b)); }, canonical(f32_div));
  expect_lanes<float>([](V128 a, V128 b) { return canonicalize_f32x4(f32x4_min(a, b)); }, canonical(f32_min));
  expect_lanes<float>([](V128 a, V128 b) { return canonicalize_f32x4(f32x4_max(a, b)); }, canonical(f32_max));
  expect_lanes<double>([](V128 a, V128 b) { return canonicalize_f64x2(f64x2_add(a, b)); },
                       canonical(f64_add));
  expect_lanes<double>([](V128 a, V128 b) { return canonicalize_f64x2(f64x2_sub(a, b)); },
                       canonical(f64_sub));
  expect_lanes<double>([](V128 a, V128 b) { return canonicalize_f64x2(f64x2_mul(a, b)); },
                       canonical(f64_mul));
  expect_lanes<double>([](V128 a, V128 b) { return canonicalize_f64x2(f64x2_div(a, b)); },
                       canonical(f64_div));
  expect_lanes<double>([](V128 a, V128 b) { return canonicalize_f64x2(f64x2_min(a, b)); },
                       canonical(f64_min));
  expect_lanes<double>([](V128 a, V128 b) { return canonicalize_f64x2(f64x2_max(a, b)); },
                       canonical(f64_max));
}

TEST(NumericSimdFloat, PseudoMinAndMaxKeepBits) {
  const auto least = [](auto a, auto b) { return b < a ? b : a; };
  const auto greatest = [](auto a, auto b) { return a < b ? b : a; };
  expect_lanes<float>(f32x4_pmin, least);
  expect_lanes<float>(f32x4_pmax, greatest);
  expect_lanes<double>(f64x2_pmin, least);
  expect_lanes<double>(f64x2_pmax, greatest);
}

/// `op(a, b)` gives only quiet NaNs, and canonical ones of canonical ones.
template <class F>
void expect_nans_of(V128 (*op)(V128, V128)) {
  const auto harmless = [](F v) { return v == v || test::is_canonical_nan(v); };
  for (const V128& a : vectors<F>(1))
    for (const V128& b : vectors<F>(3))
      for (size_t k = 0; k < V128::lane_count<F>; ++k) {
        const F x = a.lane<F>(k);
        const F y = b.lane<F>(k);
        const F result = op(a, b).template lane<F>(k);
        if (result == result) continue;
        ASSERT_TRUE(harmless(x) && harmless(y) ? test::is_canonical_nan(result)
                                               : test::is_arithmetic_nan(result));
      }
}

TEST(NumericSimdFloat, NansAreQuietAndCanonicalWhereTheyMustBe) {
  for (const auto op : {f32x4_add, f32x4_sub, f32x4_mul, f32x4_div, f32x4_min, f32x4_max})
    expect_nans_of<float>(op);
  for (const auto op : {f64x2_add, f64x2_sub, f64x2_mul, f64x2_div, f64x2_min, f64x2_max})
    expect_nans_of<double>(op);
}

TEST(NumericSimdFloat, ToIntegers) {
  expect_lanes<float, uint32_t>(i32x4_trunc_sat_f32x4_s, i32_trunc_sat_f32_s);
  expect_lanes<float, uint32_t>(i32x4_trunc_sat_f32x4_u, i32_trunc_sat_f32_u);
  for (const V128& a : vectors<double>(1))
    for (size_t k = 0; k < 4; ++k) {
      const auto expected = [&](auto op) { return k < 2 ? op(a.lane<double>(k)) : 0; };
      EXPECT_EQ(i32x4_trunc_sat_f64x2_s_zero(a).lane<uint32_t>(k), expected(i32_trunc_sat_f64_s));
      EXPECT_EQ(i32x4_trunc_sat_f64x2_u_zero(a).lane<uint32_t>(k), expected(i32_trunc_sat_f64_u));
    }
}

TEST(NumericSimdFloat, FromIntegersAndBetweenFloats) {
  expect_lanes<uint32_t, float>(f32x4_convert_i32x4_s, f32_convert_i32_s);
  expect_lanes<uint32_t, float>(f32x4_convert_i32x4_u, f32_convert_i32_u);
  for (const V128& a : vectors<uint32_t>(1))
    for (size_t k = 0; k < 2; ++k) {
      EXPECT_EQ(f64x2_convert_low_i32x4_s(a).lane<double>(k), f64_convert_i32_s(a.lane<uint32_t>(k)));
      EXPECT_EQ(f64x2_convert_low_i32x4_u(a).lane<double>(k), f64_convert_i32_u(a.lane<uint32_t>(k)));
    }
  for (const V128& a : vectors<double>(1))
    for (size_t k = 0; k < 4; ++k)
      EXPECT_TRUE(test::same(f32x4_demote_f64x2_zero(a).lane<float>(k),
                             k < 2 ? f32_demote_f64(a.lane<double>(k)) : 0));
  for (const V128& a : vectors<float>(1))
    for (size_t k = 0; k < 2; ++k)
      EXPECT_TRUE(test::same(f64x2_promote_low_f32x4(a).lane<double>(k), f64_promote_f32(a.lane<float>(k))));
}

TEST(NumericSimdFloat, Canonicalize) {
  expect_lanes<float>(canonicalize_f32x4, [](float a) { return canonicalize(a); });
  expect_lanes<double>(canonicalize_f64x2, [](double a) { return canonicalize(a); });
}

}  // namespace
}  // namespace cloche::wasm::numeric
