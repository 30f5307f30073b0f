// Integer SIMD instructions: each against what one lane must be, in 64-bit arithmetic where nothing wraps or
// saturates by itself.
#include "wasm/numeric_simd_int.h"

#include <algorithm>

#include "numeric_cases.h"

namespace cloche::wasm::numeric {
namespace {

using test::expect_lanes;
using test::vectors;

template <class... T>
constexpr V128 lanes(T... v) {
  using Lane = std::common_type_t<T...>;
  return V128::from_lanes(std::array<Lane, sizeof...(T)>{v...});
}
constexpr V128 i32x4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) { return lanes(a, b, c, d); }

// The vector forms are constant expressions too.
static_assert(i32x4_add(i32x4(1, 2, 3, 0xFFFFFFFF), i32x4(1, 1, 1, 1)) == i32x4(2, 3, 4, 0));
static_assert(i32x4_min_s(i32x4(1, 2, 3, 0xFFFFFFFF), i32x4(2, 2, 2, 2)) == i32x4(1, 2, 2, 0xFFFFFFFF));
static_assert(i32x4_bitmask(i32x4(0x80000000, 1, 0xFFFFFFFF, 0)) == 0b0101);
static_assert(i8x16_swizzle(i32x4(0x03020100, 0, 0, 0), i32x4(0x00010203, 0x10FF0302, 0, 0)) ==
              i32x4(0x00010203, 0x00000302, 0, 0));

TEST(NumericSimdInt, Bits) {
  for (const V128& a : vectors<uint64_t>(1))
    for (const V128& b : vectors<uint64_t>(5)) {
      const auto x = a.lane<uint64_t>(0);
      const auto y = b.lane<uint64_t>(0);
      const V128 mask = i64x2_splat(0xFF00FF00F0F01234);
      ASSERT_EQ(v128_not(a).lane<uint64_t>(0), ~x);
      ASSERT_EQ(v128_and(a, b).lane<uint64_t>(0), x & y);
      ASSERT_EQ(v128_andnot(a, b).lane<uint64_t>(0), x & ~y);
      ASSERT_EQ(v128_or(a, b).lane<uint64_t>(0), x | y);
      ASSERT_EQ(v128_xor(a, b).lane<uint64_t>(0), x ^ y);
      ASSERT_EQ(v128_bitselect(a, b, mask), v128_or(v128_and(a, mask), v128_and(b, v128_not(mask))));
    }
  EXPECT_EQ(v128_any_true(V128{}), 0u);
  for (size_t i = 0; i < 16; ++i) EXPECT_EQ(v128_any_true(V128{}.with_lane<uint8_t>(i, 1)), 1u);
}

TEST(NumericSimdInt, SplatsExtractsAndReplaces) {
  EXPECT_EQ(i8x16_splat(0x1FE), lanes(uint64_t{0xFEFEFEFEFEFEFEFE}, uint64_t{0xFEFEFEFEFEFEFEFE}));
  EXPECT_EQ(i16x8_splat(0x1FFFE), i32x4_splat(0xFFFEFFFE));
  EXPECT_EQ(i64x2_splat(7), lanes(uint64_t{7}, uint64_t{7}));
  const float signalling = test::nan<float>(1);
  EXPECT_EQ(f32x4_splat(signalling), i32x4_splat(0x7F800001));
  EXPECT_EQ(f32x4_splat(-0.0F), i32x4_splat(0x80000000));
  EXPECT_EQ(f64x2_splat(-0.0), i64x2_splat(uint64_t{1} << 63));
  EXPECT_EQ(test::bits(f32x4_extract_lane(f32x4_splat(signalling), 3)), 0x7F800001u);
  EXPECT_EQ(f64x2_extract_lane(lanes(1.0, 2.0), 1), 2.0);
  EXPECT_EQ(f32x4_replace_lane(V128{}, signalling, 1), i32x4(0, 0x7F800001, 0, 0));
  EXPECT_EQ(f64x2_replace_lane(lanes(1.0, 2.0), 3.0, 0), lanes(3.0, 2.0));

  for (uint8_t i = 0; i < 16; ++i) {
    const V128 v = i8x16_replace_lane(V128{}, 0x1F0u + i, i);
    EXPECT_EQ(i8x16_extract_lane_u(v, i), 0xF0u + i);
    EXPECT_EQ(i8x16_extract_lane_s(v, i), 0xFFFFFFF0u + i);
  }
  for (uint8_t i = 0; i < 8; ++i) {
    const V128 v = i16x8_replace_lane(V128{}, 0x1FFF0u + i, i);
    EXPECT_EQ(i16x8_extract_lane_u(v, i), 0xFFF0u + i);
    EXPECT_EQ(i16x8_extract_lane_s(v, i), 0xFFFFFFF0u + i);
  }
  EXPECT_EQ(i32x4_extract_lane(i32x4_replace_lane(V128{}, 5, 3), 3), 5u);
  EXPECT_EQ(i64x2_extract_lane(i64x2_replace_lane(V128{}, 5, 1), 1), 5u);
}

TEST(NumericSimdInt, ShufflesAndSwizzles) {
  std::array<uint8_t, 16> order;
  V128 a;
  V128 b;
  for (uint8_t i = 0; i < 16; ++i) {
    order[i] = static_cast<uint8_t>(31 - i * 2);
    a.bytes[i] = i;
    b.bytes[i] = static_cast<uint8_t>(16 + i);
  }
  EXPECT_EQ(i8x16_shuffle(a, b, order), V128{order});
  for (const V128& indices : vectors<uint8_t>(1)) {
    const V128 result = i8x16_swizzle(b, indices);
    for (size_t i = 0; i < 16; ++i)
      EXPECT_EQ(result.bytes[i], indices.bytes[i] < 16 ? 16 + indices.bytes[i] : 0);
  }
}

/// Those of one shape, for lanes of the unsigned type T; i64x2 has no unsigned ones.
template <class T>
struct Comparisons {
  using Binary = V128 (*)(V128, V128);
  Binary eq, ne, lt_s, gt_s, le_s, ge_s, lt_u, gt_u, le_u, ge_u;
};

template <class T>
void expect_comparisons(const Comparisons<T>& ops) {
  using S = std::make_signed_t<T>;
  const auto mask = [](bool v) { return static_cast<T>(v ? ~T{0} : T{0}); };
  expect_lanes<T>(ops.eq, [&](T a, T b) { return mask(a == b); });
  expect_lanes<T>(ops.ne, [&](T a, T b) { return mask(a != b); });
  expect_lanes<S, T>(ops.lt_s, [&](S a, S b) { return mask(a < b); });
  expect_lanes<S, T>(ops.gt_s, [&](S a, S b) { return mask(a > b); });
  expect_lanes<S, T>(ops.le_s, [&](S a, S b) { return mask(a <= b); });
  expect_lanes<S, T>(ops.ge_s, [&](S a, S b) { return mask(a >= b); });
  if (ops.lt_u == nullptr) return;
  expect_lanes<T>(ops.lt_u, [&](T a, T b) { return mask(a < b); });
  expect_lanes<T>(ops.gt_u, [&](T a, T b) { return mask(a > b); });
  expect_lanes<T>(ops.le_u, [&](T a, T b) { return mask(a <= b); });
  expect_lanes<T>(ops.ge_u, [&](T a, T b) { return mask(a >= b); });
}

TEST(NumericSimdInt, Comparisons) {
  expect_comparisons<uint8_t>({i8x16_eq, i8x16_ne, i8x16_lt_s, i8x16_gt_s, i8x16_le_s, i8x16_ge_s, i8x16_lt_u,
                               i8x16_gt_u, i8x16_le_u, i8x16_ge_u});
  expect_comparisons<uint16_t>({i16x8_eq, i16x8_ne, i16x8_lt_s, i16x8_gt_s, i16x8_le_s, i16x8_ge_s,
                                i16x8_lt_u, i16x8_gt_u, i16x8_le_u, i16x8_ge_u});
  expect_comparisons<uint32_t>({i32x4_eq, i32x4_ne, i32x4_lt_s, i32x4_gt_s, i32x4_le_s, i32x4_ge_s,
                                i32x4_lt_u, i32x4_gt_u, i32x4_le_u, i32x4_ge_u});
  expect_comparisons<uint64_t>({i64x2_eq, i64x2_ne, i64x2_lt_s, i64x2_gt_s, i64x2_le_s, i64x2_ge_s, nullptr,
                                nullptr, nullptr, nullptr});
}

template <class T>
void expect_arithmetic(V128 (*add)(V128, V128), V128 (*sub)(V128, V128), V128 (*neg)(V128),
                       V128 (*abs)(V128)) {
  expect_lanes<T>(add, [](uint64_t a, uint64_t b) { return a + b; });
  expect_lanes<T>(sub, [](uint64_t a, uint64_t b) { return a - b; });
  expect_lanes<T>(neg, [](uint64_t a) { return 0 - a; });
  expect_lanes<T>(abs, [](T a) { return (a >> (sizeof(T) * 8 - 1)) != 0 ? 0 - uint64_t{a} : uint64_t{a}; });
}

TEST(NumericSimdInt, ArithmeticWraps) {
  expect_arithmetic<uint8_t>(i8x16_add, i8x16_sub, i8x16_neg, i8x16_abs);
  expect_arithmetic<uint16_t>(i16x8_add, i16x8_sub, i16x8_neg, i16x8_abs);
  expect_arithmetic<uint32_t>(i32x4_add, i32x4_sub, i32x4_neg, i32x4_abs);
  expect_arithmetic<uint64_t>(i64x2_add, i64x2_sub, i64x2_neg, i64x2_abs);
  const auto product = [](uint64_t a, uint64_t b) { return a * b; };
  expect_lanes<uint16_t>(i16x8_mul, product);
  expect_lanes<uint32_t>(i32x4_mul, product);
  expect_lanes<uint64_t>(i64x2_mul, product);
}

template <class T>
T saturate(int64_t v) {
  return static_cast<T>(std::clamp<int64_t>(v, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

TEST(NumericSimdInt, SaturatingArithmetic) {
  const auto sum = []<class T>(T a, T b) { return saturate<T>(int64_t{a} + b); };
  const auto difference = []<class T>(T a, T b) { return saturate<T>(int64_t{a} - b); };
  expect_lanes<int8_t>(i8x16_add_sat_s, sum);
  expect_lanes<uint8_t>(i8x16_add_sat_u, sum);
  expect_lanes<int16_t>(i16x8_add_sat_s, sum);
  expect_lanes<uint16_t>(i16x8_add_sat_u, sum);
  expect_lanes<int8_t>(i8x16_sub_sat_s, difference);
  expect_lanes<uint8_t>(i8x16_sub_sat_u, difference);
  expect_lanes<int16_t>(i16x8_sub_sat_s, difference);
  expect_lanes<uint16_t>(i16x8_sub_sat_u, difference);
  expect_lanes<int16_t>(i16x8_q15mulr_sat_s,
                        [](int64_t a, int64_t b) { return saturate<int16_t>((a * b + 0x4000) >> 15); });
}

TEST(NumericSimdInt, MinMaxAverageCount) {
  const auto least = []<class T>(T a, T b) { return std::min(a, b); };
  const auto greatest = []<class T>(T a, T b) { return std::max(a, b); };
  expect_lanes<int8_t>(i8x16_min_s, least);
  expect_lanes<uint8_t>(i8x16_min_u, least);
  expect_lanes<int16_t>(i16x8_min_s, least);
  expect_lanes<uint16_t>(i16x8_min_u, least);
  expect_lanes<int32_t>(i32x4_min_s, least);
  expect_lanes<uint32_t>(i32x4_min_u, least);
  expect_lanes<int8_t>(i8x16_max_s, greatest);
  expect_lanes<uint8_t>(i8x16_max_u, greatest);
  expect_lanes<int16_t>(i16x8_max_s, greatest);
  expect_lanes<uint16_t>(i16x8_max_u, greatest);
  expect_lanes<int32_t>(i32x4_max_s, greatest);
  expect_lanes<uint32_t>(i32x4_max_u, greatest);
  const auto average = [](uint64_t a, uint64_t b) { return (a + b + 1) / 2; };
  expect_lanes<uint8_t>(i8x16_avgr_u, average);
  expect_lanes<uint16_t>(i16x8_avgr_u, average);
  expect_lanes<uint8_t>(i8x16_popcnt, [](uint8_t a) { return std::popcount(a); });
}

template <class T>
void expect_shifts(V128 (*shl)(V128, uint32_t), V128 (*shr_s)(V128, uint32_t),
                   V128 (*shr_u)(V128, uint32_t)) {
  using S = std::make_signed_t<T>;
  constexpr uint32_t width = sizeof(T) * 8;
  for (const uint32_t count : {0u, 1u, width - 1, width, width + 3, 0xFFFFFFFFu})
    for (const V128& a : vectors<T>(1))
      for (size_t k = 0; k < V128::lane_count<T>; ++k) {
        const uint32_t by = count % width;
        EXPECT_EQ(shl(a, count).template lane<T>(k), static_cast<T>(uint64_t{a.lane<T>(k)} << by));
        EXPECT_EQ(shr_s(a, count).template lane<S>(k), static_cast<S>(a.lane<S>(k) >> by));
        EXPECT_EQ(shr_u(a, count).template lane<T>(k), static_cast<T>(a.lane<T>(k) >> by));
      }
}

TEST(NumericSimdInt, ShiftsTakeCountsModuloTheWidth) {
  expect_shifts<uint8_t>(i8x16_shl, i8x16_shr_s, i8x16_shr_u);
  expect_shifts<uint16_t>(i16x8_shl, i16x8_shr_s, i16x8_shr_u);
  expect_shifts<uint32_t>(i32x4_shl, i32x4_shr_s, i32x4_shr_u);
  expect_shifts<uint64_t>(i64x2_shl, i64x2_shr_s, i64x2_shr_u);
}

template <class T>
void expect_reductions(uint32_t (*all_true)(V128), uint32_t (*bitmask)(V128)) {
  EXPECT_EQ(all_true(V128{}), 0u);
  for (const V128& a : vectors<T>(1)) {
    uint32_t all = 1;
    uint32_t mask = 0;
    for (size_t k = 0; k < V128::lane_count<T>; ++k) {
      all &= a.lane<T>(k) != 0;
      mask |= static_cast<uint32_t>(a.lane<T>(k) >> (sizeof(T) * 8 - 1)) << k;
    }
    EXPECT_EQ(all_true(a), all);
    EXPECT_EQ(bitmask(a), mask);
  }
}

TEST(NumericSimdInt, Reductions) {
  expect_reductions<uint8_t>(i8x16_all_true, i8x16_bitmask);
  expect_reductions<uint16_t>(i16x8_all_true, i16x8_bitmask);
  expect_reductions<uint32_t>(i32x4_all_true, i32x4_bitmask);
  expect_reductions<uint64_t>(i64x2_all_true, i64x2_bitmask);
}

template <class Wide, class Narrow>
void expect_narrow(V128 (*narrow)(V128, V128)) {
  constexpr size_t half = V128::lane_count<Wide>;
  for (const V128& a : vectors<Wide>(1))
    for (const V128& b : vectors<Wide>(3))
      for (size_t k = 0; k < half * 2; ++k)
        ASSERT_EQ(narrow(a, b).template lane<Narrow>(k),
                  saturate<Narrow>(k < half ? a.lane<Wide>(k) : b.lane<Wide>(k - half)));
}

TEST(NumericSimdInt, NarrowSaturates) {
  expect_narrow<int16_t, int8_t>(i8x16_narrow_i16x8_s);
  expect_narrow<int16_t, uint8_t>(i8x16_narrow_i16x8_u);
  expect_narrow<int32_t, int16_t>(i16x8_narrow_i32x4_s);
  expect_narrow<int32_t, uint16_t>(i16x8_narrow_i32x4_u);
}

using Unary = V128 (*)(V128);
using Binary = V128 (*)(V128, V128);

template <class Narrow, class Wide>
void expect_widening(Unary low, Unary high, Binary mul_low, Binary mul_high) {
  constexpr size_t half = V128::lane_count<Wide>;
  for (const V128& a : vectors<Narrow>(1))
    for (const V128& b : vectors<Narrow>(3))
      for (size_t k = 0; k < half; ++k) {
        const auto x = [&](size_t i) { return static_cast<Wide>(a.lane<Narrow>(i)); };
        const auto product = [&](size_t i) {
          return static_cast<Wide>(x(i) * static_cast<Wide>(b.lane<Narrow>(i)));
        };
        ASSERT_EQ(low(a).template lane<Wide>(k), x(k));
        ASSERT_EQ(high(a).template lane<Wide>(k), x(k + half));
        ASSERT_EQ(mul_low(a, b).template lane<Wide>(k), product(k));
        ASSERT_EQ(mul_high(a, b).template lane<Wide>(k), product(k + half));
      }
}

TEST(NumericSimdInt, ExtendAndExtmul) {
  expect_widening<int8_t, int16_t>(i16x8_extend_low_i8x16_s, i16x8_extend_high_i8x16_s,
                                   i16x8_extmul_low_i8x16_s, i16x8_extmul_high_i8x16_s);
  expect_widening<uint8_t, uint16_t>(i16x8_extend_low_i8x16_u, i16x8_extend_high_i8x16_u,
                                     i16x8_extmul_low_i8x16_u, i16x8_extmul_high_i8x16_u);
  expect_widening<int16_t, int32_t>(i32x4_extend_low_i16x8_s, i32x4_extend_high_i16x8_s,
                                    i32x4_extmul_low_i16x8_s, i32x4_extmul_high_i16x8_s);
  expect_widening<uint16_t, uint32_t>(i32x4_extend_low_i16x8_u, i32x4_extend_high_i16x8_u,
                                      i32x4_extmul_low_i16x8_u, i32x4_extmul_high_i16x8_u);
  expect_widening<int32_t, int64_t>(i64x2_extend_low_i32x4_s, i64x2_extend_high_i32x4_s,
                                    i64x2_extmul_low_i32x4_s, i64x2_extmul_high_i32x4_s);
  expect_widening<uint32_t, uint64_t>(i64x2_extend_low_i32x4_u, i64x2_extend_high_i32x4_u,
                                      i64x2_extmul_low_i32x4_u, i64x2_extmul_high_i32x4_u);
}

template <class Narrow, class Wide>
void expect_pairwise(Unary add) {
  for (const V128& a : vectors<Narrow>(1))
    for (size_t k = 0; k < V128::lane_count<Wide>; ++k)
      EXPECT_EQ(add(a).template lane<Wide>(k),
                static_cast<Wide>(a.lane<Narrow>(k * 2) + a.lane<Narrow>(k * 2 + 1)));
}

TEST(NumericSimdInt, PairsAreAdded) {
  expect_pairwise<int8_t, int16_t>(i16x8_extadd_pairwise_i8x16_s);
  expect_pairwise<uint8_t, uint16_t>(i16x8_extadd_pairwise_i8x16_u);
  expect_pairwise<int16_t, int32_t>(i32x4_extadd_pairwise_i16x8_s);
  expect_pairwise<uint16_t, uint32_t>(i32x4_extadd_pairwise_i16x8_u);
}

TEST(NumericSimdInt, DotWrapsOnlyForFourOfTheSmallest) {
  EXPECT_EQ(i32x4_dot_i16x8_s(i16x8_splat(0x8000), i16x8_splat(0x8000)), i32x4_splat(0x80000000));
  for (const V128& a : vectors<int16_t>(1))
    for (const V128& b : vectors<int16_t>(3))
      for (size_t k = 0; k < 4; ++k) {
        const auto product = [&](size_t i) { return int64_t{a.lane<int16_t>(i)} * b.lane<int16_t>(i); };
        ASSERT_EQ(i32x4_dot_i16x8_s(a, b).lane<uint32_t>(k),
                  static_cast<uint32_t>(product(k * 2) + product(k * 2 + 1)));
      }
}

}  // namespace
}  // namespace cloche::wasm::numeric
