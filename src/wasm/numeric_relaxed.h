// Relaxed SIMD instructions (spec: Execution / Numerics / Relaxed Operations). Of the results the spec
// allows, always the one its deterministic profile prescribes, so that every host and every tier gives the
// same.
#pragma once

#include <cstdint>

#include "wasm/numeric_simd_float.h"
#include "wasm/numeric_simd_int.h"

namespace cloche::wasm::numeric {

// As the instructions without "relaxed"
constexpr V128 i8x16_relaxed_swizzle(V128 a, V128 b) { return i8x16_swizzle(a, b); }
constexpr V128 i32x4_relaxed_trunc_f32x4_s(V128 a) { return i32x4_trunc_sat_f32x4_s(a); }
constexpr V128 i32x4_relaxed_trunc_f32x4_u(V128 a) { return i32x4_trunc_sat_f32x4_u(a); }
constexpr V128 i32x4_relaxed_trunc_f64x2_s_zero(V128 a) { return i32x4_trunc_sat_f64x2_s_zero(a); }
constexpr V128 i32x4_relaxed_trunc_f64x2_u_zero(V128 a) { return i32x4_trunc_sat_f64x2_u_zero(a); }
constexpr V128 f32x4_relaxed_min(V128 a, V128 b) { return f32x4_min(a, b); }
constexpr V128 f32x4_relaxed_max(V128 a, V128 b) { return f32x4_max(a, b); }
constexpr V128 f64x2_relaxed_min(V128 a, V128 b) { return f64x2_min(a, b); }
constexpr V128 f64x2_relaxed_max(V128 a, V128 b) { return f64x2_max(a, b); }
constexpr V128 i16x8_relaxed_q15mulr_s(V128 a, V128 b) { return i16x8_q15mulr_sat_s(a, b); }

/// a * b + c, rounded twice. The build forbids compilers to fuse it.
constexpr V128 f32x4_relaxed_madd(V128 a, V128 b, V128 c) { return f32x4_add(f32x4_mul(a, b), c); }
constexpr V128 f64x2_relaxed_madd(V128 a, V128 b, V128 c) { return f64x2_add(f64x2_mul(a, b), c); }
/// -(a * b) + c, rounded twice.
constexpr V128 f32x4_relaxed_nmadd(V128 a, V128 b, V128 c) { return f32x4_relaxed_madd(f32x4_neg(a), b, c); }
constexpr V128 f64x2_relaxed_nmadd(V128 a, V128 b, V128 c) { return f64x2_relaxed_madd(f64x2_neg(a), b, c); }

// The mask counts bit by bit, whatever the lanes.
constexpr V128 i8x16_relaxed_laneselect(V128 a, V128 b, V128 mask) { return v128_bitselect(a, b, mask); }
constexpr V128 i16x8_relaxed_laneselect(V128 a, V128 b, V128 mask) { return v128_bitselect(a, b, mask); }
constexpr V128 i32x4_relaxed_laneselect(V128 a, V128 b, V128 mask) { return v128_bitselect(a, b, mask); }
constexpr V128 i64x2_relaxed_laneselect(V128 a, V128 b, V128 mask) { return v128_bitselect(a, b, mask); }

/// The sum of the products of each pair of bytes, both operands signed; only that of four -128 saturates.
constexpr V128 i16x8_relaxed_dot_i8x16_i7x16_s(V128 a, V128 b) {
  return i16x8_add_sat_s(detail::close(detail::even<int8_t>(a) * detail::even<int8_t>(b)),
                         detail::close(detail::odd<int8_t>(a) * detail::odd<int8_t>(b)));
}
/// The same sums, added up in pairs and to `c`.
constexpr V128 i32x4_relaxed_dot_i8x16_i7x16_add_s(V128 a, V128 b, V128 c) {
  return i32x4_add(i32x4_extadd_pairwise_i16x8_s(i16x8_relaxed_dot_i8x16_i7x16_s(a, b)), c);
}

}  // namespace cloche::wasm::numeric
