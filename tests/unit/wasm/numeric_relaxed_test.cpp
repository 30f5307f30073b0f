// Relaxed SIMD instructions give what the deterministic profile says.
#include "wasm/numeric_relaxed.h"

#include <algorithm>

#include "numeric_cases.h"

namespace cloche::wasm::numeric {
namespace {

using test::vectors;

TEST(NumericRelaxed, LikeTheStrictInstructions) {
  for (const V128& a : vectors<uint8_t>(1))
    for (const V128& b : vectors<uint8_t>(5)) {
      ASSERT_EQ(i8x16_relaxed_swizzle(a, b), i8x16_swizzle(a, b));
      ASSERT_EQ(i16x8_relaxed_q15mulr_s(a, b), i16x8_q15mulr_sat_s(a, b));
      const V128 mask = i32x4_splat(0x80017F00);
      const V128 selected = v128_bitselect(a, b, mask);
      ASSERT_EQ(i8x16_relaxed_laneselect(a, b, mask), selected);
      ASSERT_EQ(i16x8_relaxed_laneselect(a, b, mask), selected);
      ASSERT_EQ(i32x4_relaxed_laneselect(a, b, mask), selected);
      ASSERT_EQ(i64x2_relaxed_laneselect(a, b, mask), selected);
    }
  for (const V128& a : vectors<float>(1)) {
    EXPECT_EQ(i32x4_relaxed_trunc_f32x4_s(a), i32x4_trunc_sat_f32x4_s(a));
    EXPECT_EQ(i32x4_relaxed_trunc_f32x4_u(a), i32x4_trunc_sat_f32x4_u(a));
    EXPECT_EQ(f32x4_relaxed_min(a, f32x4_splat(-0.0F)), f32x4_min(a, f32x4_splat(-0.0F)));
    EXPECT_EQ(f32x4_relaxed_max(a, f32x4_splat(-0.0F)), f32x4_max(a, f32x4_splat(-0.0F)));
  }
  for (const V128& a : vectors<double>(1)) {
    EXPECT_EQ(i32x4_relaxed_trunc_f64x2_s_zero(a), i32x4_trunc_sat_f64x2_s_zero(a));
    EXPECT_EQ(i32x4_relaxed_trunc_f64x2_u_zero(a), i32x4_trunc_sat_f64x2_u_zero(a));
    EXPECT_EQ(f64x2_relaxed_min(a, f64x2_splat(-0.0)), f64x2_min(a, f64x2_splat(-0.0)));
    EXPECT_EQ(f64x2_relaxed_max(a, f64x2_splat(-0.0)), f64x2_max(a, f64x2_splat(-0.0)));
  }
}

TEST(NumericRelaxed, MultiplyAddRoundsTwice) {
  // The square is 1 + 2^-11 + 2^-24, of which a float drops the last part; a fused operation would keep it.
  volatile float a = 0x1.001p0F;
  volatile float c = -0x1.002p0F;
  EXPECT_EQ(f32x4_relaxed_madd(f32x4_splat(a), f32x4_splat(a), f32x4_splat(c)), f32x4_splat(0));
  EXPECT_EQ(f32x4_relaxed_nmadd(f32x4_splat(a), f32x4_splat(a), f32x4_splat(-c)), f32x4_splat(0));
  volatile double b = 0x1.0000001p0;
  volatile double d = -0x1.0000002p0;
  EXPECT_EQ(f64x2_relaxed_madd(f64x2_splat(b), f64x2_splat(b), f64x2_splat(d)), f64x2_splat(0));
  EXPECT_EQ(f64x2_relaxed_nmadd(f64x2_splat(b), f64x2_splat(b), f64x2_splat(-d)), f64x2_splat(0));
  EXPECT_EQ(f64x2_relaxed_nmadd(f64x2_splat(2), f64x2_splat(3), f64x2_splat(1)), f64x2_splat(-5));
}

TEST(NumericRelaxed, DotIsSignedAndSaturates) {
  const V128 smallest = i8x16_splat(0x80);
  EXPECT_EQ(i16x8_relaxed_dot_i8x16_i7x16_s(smallest, smallest), i16x8_splat(0x7FFF));
  EXPECT_EQ(i32x4_relaxed_dot_i8x16_i7x16_add_s(smallest, smallest, i32x4_splat(1)), i32x4_splat(0xFFFF));
  for (const V128& a : vectors<int8_t>(1))
    for (const V128& b : vectors<int8_t>(3)) {
      const auto pair = [&](size_t k) {
        const auto product = [&](size_t i) { return int{a.lane<int8_t>(i)} * b.lane<int8_t>(i); };
        return std::min(product(k * 2) + product(k * 2 + 1), 0x7FFF);
      };
      for (size_t k = 0; k < 8; ++k)
        ASSERT_EQ(i16x8_relaxed_dot_i8x16_i7x16_s(a, b).lane<int16_t>(k), pair(k));
      const V128 sums = i32x4_relaxed_dot_i8x16_i7x16_add_s(a, b, i32x4_splat(5));
      for (size_t k = 0; k < 4; ++k) ASSERT_EQ(sums.lane<int32_t>(k), pair(k * 2) + pair(k * 2 + 1) + 5);
    }
}

}  // namespace
}  // namespace cloche::wasm::numeric
