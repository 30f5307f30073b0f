// Integer SIMD instructions: v128.*, i8x16.*, i16x8.*, i32x4.*, i64x2.* (spec: Execution / Numerics / Vector
// Operations). Lanes wrap in unsigned vectors and are signed only where an operation reads them so; a
// comparison sets all bits of the lanes in which it holds.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "wasm/numeric_types.h"
#include "wasm/numeric_vector.h"

namespace cloche::wasm::numeric {

namespace detail {

/// The lane type of twice the width and of the same signedness.
template <class T>
struct Lane;
template <>
struct Lane<int8_t> {
  using Wide = int16_t;
};
template <>
struct Lane<uint8_t> {
  using Wide = uint16_t;
};
template <>
struct Lane<int16_t> {
  using Wide = int32_t;
};
template <>
struct Lane<uint16_t> {
  using Wide = uint32_t;
};
template <>
struct Lane<int32_t> {
  using Wide = int64_t;
};
template <>
struct Lane<uint32_t> {
  using Wide = uint64_t;
};
template <class T>
using WideOf = typename Lane<T>::Wide;

/// All lanes in twice their width: a vector of 32 bytes.
template <class T>
constexpr auto widen(Vec<T> v) {
  return __builtin_convertvector(v, Vec<WideOf<T>, 32>);
}

/// `v` between two bounds, lane by lane.
template <class V>
constexpr V clamp(V v, LaneOf<V> low, LaneOf<V> high) {
  const V lows = V{} + low;
  const V highs = V{} + high;
  const V raised = select(v < lows, lows, v);
  return select(raised > highs, highs, raised);
}

/// Wide lanes saturated to T's range.
template <class T, class V>
constexpr V128 saturate(V wide) {
  using Limits = std::numeric_limits<T>;
  return close(__builtin_convertvector(clamp(wide, Limits::min(), Limits::max()), Vec<T>));
}

/// Sums and differences in twice the width, saturated: the form that compilers know as one instruction.
template <class T>
constexpr V128 add_sat(V128 a, V128 b) {
  return saturate<T>(widen<T>(open<T>(a)) + widen<T>(open<T>(b)));
}
template <class T>
constexpr V128 sub_sat(V128 a, V128 b) {
  return saturate<T>(widen<T>(open<T>(a)) - widen<T>(open<T>(b)));
}

template <class T>
constexpr V128 add_sat_u(V128 a, V128 b) {
  const auto sum = open<T>(a) + open<T>(b);
  return close(select(sum < open<T>(a), ~Vec<T>{}, sum));
}
template <class T>
constexpr V128 sub_sat_u(V128 a, V128 b) {
  return close(select(open<T>(a) > open<T>(b), open<T>(a) - open<T>(b), Vec<T>{}));
}

template <class T>
constexpr V128 min(V128 a, V128 b) {
  return close(select(open<T>(a) < open<T>(b), open<T>(a), open<T>(b)));
}
template <class T>
constexpr V128 max(V128 a, V128 b) {
  return close(select(open<T>(a) > open<T>(b), open<T>(a), open<T>(b)));
}

/// (a + b + 1) / 2 without the carry: what both have, and half, rounded up, of what only one has.
template <class T>
constexpr V128 avgr(V128 a, V128 b) {
  return close((open<T>(a) | open<T>(b)) - ((open<T>(a) ^ open<T>(b)) >> 1));
}

/// Negation where negative: complement (xor with all ones) plus one (minus all ones).
template <class T>
constexpr V128 abs(V128 a) {
  using U = UintOf<T>;
  const auto negative = std::bit_cast<Vec<U>>(open<T>(a) < Vec<T>{});
  return close((open<U>(a) ^ negative) - negative);
}

template <class T>
constexpr Vec<T> shift_counts(uint32_t count) {
  return Vec<T>{} + static_cast<T>(count & (sizeof(T) * 8 - 1));
}
template <class T>
constexpr V128 shl(V128 a, uint32_t count) {
  return close(open<T>(a) << shift_counts<T>(count));
}
template <class T>
constexpr V128 shr(V128 a, uint32_t count) {
  return close(open<T>(a) >> shift_counts<T>(count));
}

constexpr bool any_bit(V128 a) {
  const auto halves = a.lanes<uint64_t>();
  return (halves[0] | halves[1]) != 0;
}
template <class T>
constexpr bool all_true(V128 a) {
  return !any_bit(close(open<T>(a) == Vec<T>{}));
}

/// Multiplying by this moves the sign bits of a half's lanes to its top, in order: that of lane k, at bit
/// k * width + width - 1, goes to bit 64 - lanes + k, and no two products meet.
template <class T>
consteval uint64_t gather_signs() {
  constexpr int width = sizeof(T) * 8;
  constexpr int count = 64 / width;
  uint64_t factor = 0;
  for (int k = 0; k < count; ++k) factor |= uint64_t{1} << (64 - count + k - (k * width + width - 1));
  return factor;
}

template <class T>
constexpr uint32_t bitmask(V128 a) {
  constexpr int count = 8 / sizeof(T);
  const auto signs = open<uint64_t>(close(open<T>(a) & fill(static_cast<T>(T{1} << (sizeof(T) * 8 - 1)))));
  const auto gathered = (signs * fill(gather_signs<T>())) >> fill(uint64_t{64 - count});
  const auto halves = close(gathered).template lanes<uint64_t>();
  return static_cast<uint32_t>(halves[0] | halves[1] << count);
}

/// The lanes of both operands, saturated to T, whose signedness says how; the wide lanes are signed.
template <class T>
constexpr V128 narrow(V128 a, V128 b) {
  using Wide = std::make_signed_t<WideOf<T>>;
  const auto both = std::bit_cast<Vec<Wide, 32>>(std::array{a, b});
  return saturate<T>(both);
}

/// Half of the lanes in twice their width.
template <class T>
constexpr auto extend_low(V128 a) {
  return __builtin_convertvector(low_half<T>(open<T>(a)), Vec<WideOf<T>>);
}
template <class T>
constexpr auto extend_high(V128 a) {
  return __builtin_convertvector(high_half<T>(open<T>(a)), Vec<WideOf<T>>);
}

/// Products modulo the lane's width, by unsigned arithmetic.
template <class V>
constexpr V128 multiply(V a, V b) {
  using U = UintOf<LaneOf<V>>;
  return close(open<U>(close(a)) * open<U>(close(b)));
}
template <class T>
constexpr V128 extmul_low(V128 a, V128 b) {
  return multiply(extend_low<T>(a), extend_low<T>(b));
}
template <class T>
constexpr V128 extmul_high(V128 a, V128 b) {
  return multiply(extend_high<T>(a), extend_high<T>(b));
}

/// The even and the odd lanes in twice their width: each pair is the lower and the upper half of a wide lane.
template <class T>
constexpr auto even(V128 a) {
  using Wide = WideOf<T>;
  const auto counts = fill(static_cast<UintOf<Wide>>(sizeof(T) * 8));
  return open<Wide>(close(open<UintOf<Wide>>(a) << counts)) >> fill(static_cast<Wide>(sizeof(T) * 8));
}
template <class T>
constexpr auto odd(V128 a) {
  using Wide = WideOf<T>;
  return open<Wide>(a) >> fill(static_cast<Wide>(sizeof(T) * 8));
}

/// The sum of each pair, which always fits.
template <class T>
constexpr V128 extadd_pairwise(V128 a) {
  return close(even<T>(a) + odd<T>(a));
}

/// The sum of the products of each pair, modulo 2^32: only that of four -32768 does not fit.
constexpr V128 dot(V128 a, V128 b) {
  const auto products = widen<int16_t>(open<int16_t>(a)) * widen<int16_t>(open<int16_t>(b));
  const auto evens = __builtin_shufflevector(products, products, 0, 2, 4, 6);
  const auto odds = __builtin_shufflevector(products, products, 1, 3, 5, 7);
  return close(std::bit_cast<Vec<uint32_t>>(evens) + std::bit_cast<Vec<uint32_t>>(odds));
}

}  // namespace detail

// v128: bits
constexpr V128 v128_not(V128 a) { return detail::close(~detail::open<uint64_t>(a)); }
constexpr V128 v128_and(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) & detail::open<uint64_t>(b));
}
constexpr V128 v128_andnot(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) & ~detail::open<uint64_t>(b));
}
constexpr V128 v128_or(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) | detail::open<uint64_t>(b));
}
constexpr V128 v128_xor(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) ^ detail::open<uint64_t>(b));
}
/// The bits of `a` where `mask` is set, else those of `b`.
constexpr V128 v128_bitselect(V128 a, V128 b, V128 mask) {
  return v128_or(v128_and(a, mask), v128_andnot(b, mask));
}
constexpr uint32_t v128_any_true(V128 a) { return detail::any_bit(a); }

// Lanes: splat, extract and replace
constexpr V128 i8x16_splat(uint32_t a) { return detail::close(detail::fill(static_cast<uint8_t>(a))); }
constexpr uint32_t i8x16_extract_lane_s(V128 a, uint8_t lane) {
  return static_cast<uint32_t>(a.lane<int8_t>(lane));
}
constexpr uint32_t i8x16_extract_lane_u(V128 a, uint8_t lane) { return a.lane<uint8_t>(lane); }
constexpr V128 i8x16_replace_lane(V128 a, uint32_t value, uint8_t lane) {
  return a.with_lane(lane, static_cast<uint8_t>(value));
}
constexpr V128 i16x8_splat(uint32_t a) { return detail::close(detail::fill(static_cast<uint16_t>(a))); }
constexpr uint32_t i16x8_extract_lane_s(V128 a, uint8_t lane) {
  return static_cast<uint32_t>(a.lane<int16_t>(lane));
}
constexpr uint32_t i16x8_extract_lane_u(V128 a, uint8_t lane) { return a.lane<uint16_t>(lane); }
constexpr V128 i16x8_replace_lane(V128 a, uint32_t value, uint8_t lane) {
  return a.with_lane(lane, static_cast<uint16_t>(value));
}
constexpr V128 i32x4_splat(uint32_t a) { return detail::close(detail::fill(a)); }
constexpr uint32_t i32x4_extract_lane(V128 a, uint8_t lane) { return a.lane<uint32_t>(lane); }
constexpr V128 i32x4_replace_lane(V128 a, uint32_t value, uint8_t lane) { return a.with_lane(lane, value); }
constexpr V128 i64x2_splat(uint64_t a) { return detail::close(detail::fill(a)); }
constexpr uint64_t i64x2_extract_lane(V128 a, uint8_t lane) { return a.lane<uint64_t>(lane); }
constexpr V128 i64x2_replace_lane(V128 a, uint64_t value, uint8_t lane) { return a.with_lane(lane, value); }
constexpr V128 f32x4_splat(F32 a) { return detail::close(detail::fill(a)); }
constexpr F32 f32x4_extract_lane(V128 a, uint8_t lane) { return a.lane<F32>(lane); }
constexpr V128 f32x4_replace_lane(V128 a, F32 value, uint8_t lane) { return a.with_lane(lane, value); }
constexpr V128 f64x2_splat(F64 a) { return detail::close(detail::fill(a)); }
constexpr F64 f64x2_extract_lane(V128 a, uint8_t lane) { return a.lane<F64>(lane); }
constexpr V128 f64x2_replace_lane(V128 a, F64 value, uint8_t lane) { return a.with_lane(lane, value); }

/// Sixteen bytes picked from the thirty-two of `a` and `b`; every lane is below 32.
constexpr V128 i8x16_shuffle(V128 a, V128 b, const uint8_t* lanes) {
  const auto source = std::bit_cast<std::array<uint8_t, 32>>(std::array{a, b});
  V128 result{};
  for (size_t i = 0; i < 16; ++i) result.bytes[i] = source[lanes[i]];
  return result;
}
constexpr V128 i8x16_shuffle(V128 a, V128 b, const std::array<uint8_t, 16>& lanes) {
  return i8x16_shuffle(a, b, lanes.data());
}

/// The bytes of `a` that the bytes of `b` index; zero where the index is not below 16.
constexpr V128 i8x16_swizzle(V128 a, V128 b) {
  V128 picked{};
  for (size_t i = 0; i < 16; ++i) picked.bytes[i] = a.bytes[b.bytes[i] & 15];
  return v128_and(picked, detail::close(detail::open<uint8_t>(b) < detail::fill(uint8_t{16})));
}

// i8x16: comparisons
constexpr V128 i8x16_eq(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) == detail::open<uint8_t>(b));
}
constexpr V128 i8x16_ne(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) != detail::open<uint8_t>(b));
}
constexpr V128 i8x16_lt_s(V128 a, V128 b) {
  return detail::close(detail::open<int8_t>(a) < detail::open<int8_t>(b));
}
constexpr V128 i8x16_lt_u(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) < detail::open<uint8_t>(b));
}
constexpr V128 i8x16_gt_s(V128 a, V128 b) {
  return detail::close(detail::open<int8_t>(a) > detail::open<int8_t>(b));
}
constexpr V128 i8x16_gt_u(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) > detail::open<uint8_t>(b));
}
constexpr V128 i8x16_le_s(V128 a, V128 b) {
  return detail::close(detail::open<int8_t>(a) <= detail::open<int8_t>(b));
}
constexpr V128 i8x16_le_u(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) <= detail::open<uint8_t>(b));
}
constexpr V128 i8x16_ge_s(V128 a, V128 b) {
  return detail::close(detail::open<int8_t>(a) >= detail::open<int8_t>(b));
}
constexpr V128 i8x16_ge_u(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) >= detail::open<uint8_t>(b));
}
constexpr uint32_t i8x16_all_true(V128 a) { return detail::all_true<uint8_t>(a); }
constexpr uint32_t i8x16_bitmask(V128 a) { return detail::bitmask<uint8_t>(a); }

// i8x16: arithmetic
constexpr V128 i8x16_abs(V128 a) { return detail::abs<int8_t>(a); }
constexpr V128 i8x16_neg(V128 a) { return detail::close(detail::Vec<uint8_t>{} - detail::open<uint8_t>(a)); }
constexpr V128 i8x16_add(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) + detail::open<uint8_t>(b));
}
constexpr V128 i8x16_sub(V128 a, V128 b) {
  return detail::close(detail::open<uint8_t>(a) - detail::open<uint8_t>(b));
}
constexpr V128 i8x16_add_sat_s(V128 a, V128 b) { return detail::add_sat<int8_t>(a, b); }
constexpr V128 i8x16_add_sat_u(V128 a, V128 b) { return detail::add_sat_u<uint8_t>(a, b); }
constexpr V128 i8x16_sub_sat_s(V128 a, V128 b) { return detail::sub_sat<int8_t>(a, b); }
constexpr V128 i8x16_sub_sat_u(V128 a, V128 b) { return detail::sub_sat_u<uint8_t>(a, b); }
constexpr V128 i8x16_avgr_u(V128 a, V128 b) { return detail::avgr<uint8_t>(a, b); }
constexpr V128 i8x16_min_s(V128 a, V128 b) { return detail::min<int8_t>(a, b); }
constexpr V128 i8x16_min_u(V128 a, V128 b) { return detail::min<uint8_t>(a, b); }
constexpr V128 i8x16_max_s(V128 a, V128 b) { return detail::max<int8_t>(a, b); }
constexpr V128 i8x16_max_u(V128 a, V128 b) { return detail::max<uint8_t>(a, b); }
constexpr V128 i8x16_shl(V128 a, uint32_t count) { return detail::shl<uint8_t>(a, count); }
constexpr V128 i8x16_shr_s(V128 a, uint32_t count) { return detail::shr<int8_t>(a, count); }
constexpr V128 i8x16_shr_u(V128 a, uint32_t count) { return detail::shr<uint8_t>(a, count); }

/// The number of bits set in each byte: counted in pairs, then fours, then eights.
constexpr V128 i8x16_popcnt(V128 a) {
  const auto bytes = detail::open<uint8_t>(a);
  const auto pairs = bytes - ((bytes >> 1) & 0x55);
  const auto fours = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return detail::close((fours + (fours >> 4)) & 0x0F);
}

// i16x8: comparisons
constexpr V128 i16x8_eq(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) == detail::open<uint16_t>(b));
}
constexpr V128 i16x8_ne(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) != detail::open<uint16_t>(b));
}
constexpr V128 i16x8_lt_s(V128 a, V128 b) {
  return detail::close(detail::open<int16_t>(a) < detail::open<int16_t>(b));
}
constexpr V128 i16x8_lt_u(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) < detail::open<uint16_t>(b));
}
constexpr V128 i16x8_gt_s(V128 a, V128 b) {
  return detail::close(detail::open<int16_t>(a) > detail::open<int16_t>(b));
}
constexpr V128 i16x8_gt_u(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) > detail::open<uint16_t>(b));
}
constexpr V128 i16x8_le_s(V128 a, V128 b) {
  return detail::close(detail::open<int16_t>(a) <= detail::open<int16_t>(b));
}
constexpr V128 i16x8_le_u(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) <= detail::open<uint16_t>(b));
}
constexpr V128 i16x8_ge_s(V128 a, V128 b) {
  return detail::close(detail::open<int16_t>(a) >= detail::open<int16_t>(b));
}
constexpr V128 i16x8_ge_u(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) >= detail::open<uint16_t>(b));
}
constexpr uint32_t i16x8_all_true(V128 a) { return detail::all_true<uint16_t>(a); }
constexpr uint32_t i16x8_bitmask(V128 a) { return detail::bitmask<uint16_t>(a); }

// i16x8: arithmetic
constexpr V128 i16x8_abs(V128 a) { return detail::abs<int16_t>(a); }
constexpr V128 i16x8_neg(V128 a) {
  return detail::close(detail::Vec<uint16_t>{} - detail::open<uint16_t>(a));
}
constexpr V128 i16x8_add(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) + detail::open<uint16_t>(b));
}
constexpr V128 i16x8_sub(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) - detail::open<uint16_t>(b));
}
constexpr V128 i16x8_mul(V128 a, V128 b) {
  return detail::close(detail::open<uint16_t>(a) * detail::open<uint16_t>(b));
}
constexpr V128 i16x8_add_sat_s(V128 a, V128 b) { return detail::add_sat<int16_t>(a, b); }
constexpr V128 i16x8_add_sat_u(V128 a, V128 b) { return detail::add_sat_u<uint16_t>(a, b); }
constexpr V128 i16x8_sub_sat_s(V128 a, V128 b) { return detail::sub_sat<int16_t>(a, b); }
constexpr V128 i16x8_sub_sat_u(V128 a, V128 b) { return detail::sub_sat_u<uint16_t>(a, b); }
constexpr V128 i16x8_avgr_u(V128 a, V128 b) { return detail::avgr<uint16_t>(a, b); }
constexpr V128 i16x8_min_s(V128 a, V128 b) { return detail::min<int16_t>(a, b); }
constexpr V128 i16x8_min_u(V128 a, V128 b) { return detail::min<uint16_t>(a, b); }
constexpr V128 i16x8_max_s(V128 a, V128 b) { return detail::max<int16_t>(a, b); }
constexpr V128 i16x8_max_u(V128 a, V128 b) { return detail::max<uint16_t>(a, b); }
constexpr V128 i16x8_shl(V128 a, uint32_t count) { return detail::shl<uint16_t>(a, count); }
constexpr V128 i16x8_shr_s(V128 a, uint32_t count) { return detail::shr<int16_t>(a, count); }
constexpr V128 i16x8_shr_u(V128 a, uint32_t count) { return detail::shr<uint16_t>(a, count); }

/// Products of fractions with 15 bits, rounded; only that of -1 and -1 saturates.
constexpr V128 i16x8_q15mulr_sat_s(V128 a, V128 b) {
  const auto product =
      detail::widen<int16_t>(detail::open<int16_t>(a)) * detail::widen<int16_t>(detail::open<int16_t>(b));
  return detail::saturate<int16_t>((product + 0x4000) >> 15);
}

// i16x8 to i8x16, saturating
constexpr V128 i8x16_narrow_i16x8_s(V128 a, V128 b) { return detail::narrow<int8_t>(a, b); }
constexpr V128 i8x16_narrow_i16x8_u(V128 a, V128 b) { return detail::narrow<uint8_t>(a, b); }

// i8x16 to i16x8
constexpr V128 i16x8_extend_low_i8x16_s(V128 a) { return detail::close(detail::extend_low<int8_t>(a)); }
constexpr V128 i16x8_extend_low_i8x16_u(V128 a) { return detail::close(detail::extend_low<uint8_t>(a)); }
constexpr V128 i16x8_extend_high_i8x16_s(V128 a) { return detail::close(detail::extend_high<int8_t>(a)); }
constexpr V128 i16x8_extend_high_i8x16_u(V128 a) { return detail::close(detail::extend_high<uint8_t>(a)); }
constexpr V128 i16x8_extmul_low_i8x16_s(V128 a, V128 b) { return detail::extmul_low<int8_t>(a, b); }
constexpr V128 i16x8_extmul_low_i8x16_u(V128 a, V128 b) { return detail::extmul_low<uint8_t>(a, b); }
constexpr V128 i16x8_extmul_high_i8x16_s(V128 a, V128 b) { return detail::extmul_high<int8_t>(a, b); }
constexpr V128 i16x8_extmul_high_i8x16_u(V128 a, V128 b) { return detail::extmul_high<uint8_t>(a, b); }
constexpr V128 i16x8_extadd_pairwise_i8x16_s(V128 a) { return detail::extadd_pairwise<int8_t>(a); }
constexpr V128 i16x8_extadd_pairwise_i8x16_u(V128 a) { return detail::extadd_pairwise<uint8_t>(a); }

// i32x4: comparisons
constexpr V128 i32x4_eq(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) == detail::open<uint32_t>(b));
}
constexpr V128 i32x4_ne(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) != detail::open<uint32_t>(b));
}
constexpr V128 i32x4_lt_s(V128 a, V128 b) {
  return detail::close(detail::open<int32_t>(a) < detail::open<int32_t>(b));
}
constexpr V128 i32x4_lt_u(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) < detail::open<uint32_t>(b));
}
constexpr V128 i32x4_gt_s(V128 a, V128 b) {
  return detail::close(detail::open<int32_t>(a) > detail::open<int32_t>(b));
}
constexpr V128 i32x4_gt_u(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) > detail::open<uint32_t>(b));
}
constexpr V128 i32x4_le_s(V128 a, V128 b) {
  return detail::close(detail::open<int32_t>(a) <= detail::open<int32_t>(b));
}
constexpr V128 i32x4_le_u(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) <= detail::open<uint32_t>(b));
}
constexpr V128 i32x4_ge_s(V128 a, V128 b) {
  return detail::close(detail::open<int32_t>(a) >= detail::open<int32_t>(b));
}
constexpr V128 i32x4_ge_u(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) >= detail::open<uint32_t>(b));
}
constexpr uint32_t i32x4_all_true(V128 a) { return detail::all_true<uint32_t>(a); }
constexpr uint32_t i32x4_bitmask(V128 a) { return detail::bitmask<uint32_t>(a); }

// i32x4: arithmetic
constexpr V128 i32x4_abs(V128 a) { return detail::abs<int32_t>(a); }
constexpr V128 i32x4_neg(V128 a) {
  return detail::close(detail::Vec<uint32_t>{} - detail::open<uint32_t>(a));
}
constexpr V128 i32x4_add(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) + detail::open<uint32_t>(b));
}
constexpr V128 i32x4_sub(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) - detail::open<uint32_t>(b));
}
constexpr V128 i32x4_mul(V128 a, V128 b) {
  return detail::close(detail::open<uint32_t>(a) * detail::open<uint32_t>(b));
}
constexpr V128 i32x4_min_s(V128 a, V128 b) { return detail::min<int32_t>(a, b); }
constexpr V128 i32x4_min_u(V128 a, V128 b) { return detail::min<uint32_t>(a, b); }
constexpr V128 i32x4_max_s(V128 a, V128 b) { return detail::max<int32_t>(a, b); }
constexpr V128 i32x4_max_u(V128 a, V128 b) { return detail::max<uint32_t>(a, b); }
constexpr V128 i32x4_shl(V128 a, uint32_t count) { return detail::shl<uint32_t>(a, count); }
constexpr V128 i32x4_shr_s(V128 a, uint32_t count) { return detail::shr<int32_t>(a, count); }
constexpr V128 i32x4_shr_u(V128 a, uint32_t count) { return detail::shr<uint32_t>(a, count); }

// i32x4 to i16x8, saturating
constexpr V128 i16x8_narrow_i32x4_s(V128 a, V128 b) { return detail::narrow<int16_t>(a, b); }
constexpr V128 i16x8_narrow_i32x4_u(V128 a, V128 b) { return detail::narrow<uint16_t>(a, b); }

// i16x8 to i32x4
constexpr V128 i32x4_extend_low_i16x8_s(V128 a) { return detail::close(detail::extend_low<int16_t>(a)); }
constexpr V128 i32x4_extend_low_i16x8_u(V128 a) { return detail::close(detail::extend_low<uint16_t>(a)); }
constexpr V128 i32x4_extend_high_i16x8_s(V128 a) { return detail::close(detail::extend_high<int16_t>(a)); }
constexpr V128 i32x4_extend_high_i16x8_u(V128 a) { return detail::close(detail::extend_high<uint16_t>(a)); }
constexpr V128 i32x4_extmul_low_i16x8_s(V128 a, V128 b) { return detail::extmul_low<int16_t>(a, b); }
constexpr V128 i32x4_extmul_low_i16x8_u(V128 a, V128 b) { return detail::extmul_low<uint16_t>(a, b); }
constexpr V128 i32x4_extmul_high_i16x8_s(V128 a, V128 b) { return detail::extmul_high<int16_t>(a, b); }
constexpr V128 i32x4_extmul_high_i16x8_u(V128 a, V128 b) { return detail::extmul_high<uint16_t>(a, b); }
constexpr V128 i32x4_extadd_pairwise_i16x8_s(V128 a) { return detail::extadd_pairwise<int16_t>(a); }
constexpr V128 i32x4_extadd_pairwise_i16x8_u(V128 a) { return detail::extadd_pairwise<uint16_t>(a); }
constexpr V128 i32x4_dot_i16x8_s(V128 a, V128 b) { return detail::dot(a, b); }

// i64x2: comparisons
constexpr V128 i64x2_eq(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) == detail::open<uint64_t>(b));
}
constexpr V128 i64x2_ne(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) != detail::open<uint64_t>(b));
}
constexpr V128 i64x2_lt_s(V128 a, V128 b) {
  return detail::close(detail::open<int64_t>(a) < detail::open<int64_t>(b));
}
constexpr V128 i64x2_gt_s(V128 a, V128 b) {
  return detail::close(detail::open<int64_t>(a) > detail::open<int64_t>(b));
}
constexpr V128 i64x2_le_s(V128 a, V128 b) {
  return detail::close(detail::open<int64_t>(a) <= detail::open<int64_t>(b));
}
constexpr V128 i64x2_ge_s(V128 a, V128 b) {
  return detail::close(detail::open<int64_t>(a) >= detail::open<int64_t>(b));
}
constexpr uint32_t i64x2_all_true(V128 a) { return detail::all_true<uint64_t>(a); }
constexpr uint32_t i64x2_bitmask(V128 a) { return detail::bitmask<uint64_t>(a); }

// i64x2: arithmetic
constexpr V128 i64x2_abs(V128 a) { return detail::abs<int64_t>(a); }
constexpr V128 i64x2_neg(V128 a) {
  return detail::close(detail::Vec<uint64_t>{} - detail::open<uint64_t>(a));
}
constexpr V128 i64x2_add(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) + detail::open<uint64_t>(b));
}
constexpr V128 i64x2_sub(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) - detail::open<uint64_t>(b));
}
constexpr V128 i64x2_mul(V128 a, V128 b) {
  return detail::close(detail::open<uint64_t>(a) * detail::open<uint64_t>(b));
}
constexpr V128 i64x2_shl(V128 a, uint32_t count) { return detail::shl<uint64_t>(a, count); }
constexpr V128 i64x2_shr_s(V128 a, uint32_t count) { return detail::shr<int64_t>(a, count); }
constexpr V128 i64x2_shr_u(V128 a, uint32_t count) { return detail::shr<uint64_t>(a, count); }

// i32x4 to i64x2
constexpr V128 i64x2_extend_low_i32x4_s(V128 a) { return detail::close(detail::extend_low<int32_t>(a)); }
constexpr V128 i64x2_extend_low_i32x4_u(V128 a) { return detail::close(detail::extend_low<uint32_t>(a)); }
constexpr V128 i64x2_extend_high_i32x4_s(V128 a) { return detail::close(detail::extend_high<int32_t>(a)); }
constexpr V128 i64x2_extend_high_i32x4_u(V128 a) { return detail::close(detail::extend_high<uint32_t>(a)); }
constexpr V128 i64x2_extmul_low_i32x4_s(V128 a, V128 b) { return detail::extmul_low<int32_t>(a, b); }
constexpr V128 i64x2_extmul_low_i32x4_u(V128 a, V128 b) { return detail::extmul_low<uint32_t>(a, b); }
constexpr V128 i64x2_extmul_high_i32x4_s(V128 a, V128 b) { return detail::extmul_high<int32_t>(a, b); }
constexpr V128 i64x2_extmul_high_i32x4_u(V128 a, V128 b) { return detail::extmul_high<uint32_t>(a, b); }

}  // namespace cloche::wasm::numeric
