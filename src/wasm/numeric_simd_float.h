// Floating-point SIMD instructions: f32x4.*, f64x2.* and the conversions from and to their lanes (spec:
// Execution / Numerics / Vector Operations). The formulas are those of the scalar instructions, in
// numeric_float.h.
#pragma once

#include <array>
#include <cstdint>

#include "wasm/numeric_float.h"
#include "wasm/numeric_types.h"
#include "wasm/numeric_vector.h"

namespace cloche::wasm::numeric {

namespace detail {

/// Pseudo-minimum and -maximum: one comparison, whose failure (NaNs, equal zeros) leaves `a`.
template <class F>
constexpr V128 pmin(V128 a, V128 b) {
  return close(select(open<F>(b) < open<F>(a), open<F>(b), open<F>(a)));
}
template <class F>
constexpr V128 pmax(V128 a, V128 b) {
  return close(select(open<F>(a) < open<F>(b), open<F>(b), open<F>(a)));
}

/// `v` between two bounds, NaNs as zero.
template <class V>
constexpr V clamp_float(V v, LaneOf<V> low, LaneOf<V> high) {
  const V number = select(v == v, v, V{});
  const V raised = select(number < fill(low), fill(low), number);
  return select(raised > fill(high), fill(high), raised);
}

/// Truncation of f32 lanes, saturating to Int. The largest integers are not floats: what is clamped to
/// `largest_float`, the greatest float that fits, is replaced afterwards.
template <class Int>
constexpr V128 trunc_sat_f32x4(V128 a, F32 largest_float) {
  using Limits = std::numeric_limits<Int>;
  const auto v = open<F32>(a);
  const auto fitting = clamp_float(v, static_cast<F32>(Limits::min()), largest_float);
  const auto converted = __builtin_convertvector(fitting, Vec<Int>);
  return close(select(v > fill(largest_float), fill(Limits::max()), converted));
}

/// Truncation of f64 lanes, saturating to Int, zeros above.
template <class Int>
constexpr V128 trunc_sat_f64x2_zero(V128 a) {
  using Limits = std::numeric_limits<Int>;
  const auto fitting = clamp_float(open<F64>(a), Limits::min(), Limits::max());
  return zero_extend(__builtin_convertvector(fitting, Vec<Int, 8>));
}

}  // namespace detail

/// Every NaN lane as the positive canonical NaN: what the deterministic profile makes of every result.
constexpr V128 canonicalize_f32x4(V128 a) { return detail::close(detail::canonical(detail::open<F32>(a))); }
constexpr V128 canonicalize_f64x2(V128 a) { return detail::close(detail::canonical(detail::open<F64>(a))); }

// f32x4: comparisons
constexpr V128 f32x4_eq(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) == detail::open<F32>(b));
}
constexpr V128 f32x4_ne(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) != detail::open<F32>(b));
}
constexpr V128 f32x4_lt(V128 a, V128 b) { return detail::close(detail::open<F32>(a) < detail::open<F32>(b)); }
constexpr V128 f32x4_gt(V128 a, V128 b) { return detail::close(detail::open<F32>(a) > detail::open<F32>(b)); }
constexpr V128 f32x4_le(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) <= detail::open<F32>(b));
}
constexpr V128 f32x4_ge(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) >= detail::open<F32>(b));
}

// f32x4: the sign
constexpr V128 f32x4_abs(V128 a) { return detail::close(detail::fabs(detail::open<F32>(a))); }
constexpr V128 f32x4_neg(V128 a) { return detail::close(detail::fneg(detail::open<F32>(a))); }

// f32x4: rounding to an integer
constexpr V128 f32x4_ceil(V128 a) { return detail::close(detail::fceil(detail::open<F32>(a))); }
constexpr V128 f32x4_floor(V128 a) { return detail::close(detail::ffloor(detail::open<F32>(a))); }
constexpr V128 f32x4_trunc(V128 a) { return detail::close(detail::ftrunc(detail::open<F32>(a))); }
constexpr V128 f32x4_nearest(V128 a) { return detail::close(detail::fnearest(detail::open<F32>(a))); }

// f32x4: arithmetic
inline V128 f32x4_sqrt(V128 a) {
  const auto v = detail::open<F32>(a);
  return detail::close(detail::Vec<F32>{__builtin_sqrtf(v[0]), __builtin_sqrtf(v[1]), __builtin_sqrtf(v[2]),
                                        __builtin_sqrtf(v[3])});
}
constexpr V128 f32x4_add(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) + detail::open<F32>(b));
}
constexpr V128 f32x4_sub(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) - detail::open<F32>(b));
}
constexpr V128 f32x4_mul(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) * detail::open<F32>(b));
}
constexpr V128 f32x4_div(V128 a, V128 b) {
  return detail::close(detail::open<F32>(a) / detail::open<F32>(b));
}
constexpr V128 f32x4_min(V128 a, V128 b) {
  return detail::close(detail::fmin(detail::open<F32>(a), detail::open<F32>(b)));
}
constexpr V128 f32x4_max(V128 a, V128 b) {
  return detail::close(detail::fmax(detail::open<F32>(a), detail::open<F32>(b)));
}
constexpr V128 f32x4_pmin(V128 a, V128 b) { return detail::pmin<F32>(a, b); }
constexpr V128 f32x4_pmax(V128 a, V128 b) { return detail::pmax<F32>(a, b); }

// f64x2: comparisons
constexpr V128 f64x2_eq(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) == detail::open<F64>(b));
}
constexpr V128 f64x2_ne(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) != detail::open<F64>(b));
}
constexpr V128 f64x2_lt(V128 a, V128 b) { return detail::close(detail::open<F64>(a) < detail::open<F64>(b)); }
constexpr V128 f64x2_gt(V128 a, V128 b) { return detail::close(detail::open<F64>(a) > detail::open<F64>(b)); }
constexpr V128 f64x2_le(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) <= detail::open<F64>(b));
}
constexpr V128 f64x2_ge(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) >= detail::open<F64>(b));
}

// f64x2: the sign
constexpr V128 f64x2_abs(V128 a) { return detail::close(detail::fabs(detail::open<F64>(a))); }
constexpr V128 f64x2_neg(V128 a) { return detail::close(detail::fneg(detail::open<F64>(a))); }

// f64x2: rounding to an integer
constexpr V128 f64x2_ceil(V128 a) { return detail::close(detail::fceil(detail::open<F64>(a))); }
constexpr V128 f64x2_floor(V128 a) { return detail::close(detail::ffloor(detail::open<F64>(a))); }
constexpr V128 f64x2_trunc(V128 a) { return detail::close(detail::ftrunc(detail::open<F64>(a))); }
constexpr V128 f64x2_nearest(V128 a) { return detail::close(detail::fnearest(detail::open<F64>(a))); }

// f64x2: arithmetic
inline V128 f64x2_sqrt(V128 a) {
  const auto v = detail::open<F64>(a);
  return detail::close(detail::Vec<F64>{__builtin_sqrt(v[0]), __builtin_sqrt(v[1])});
}
constexpr V128 f64x2_add(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) + detail::open<F64>(b));
}
constexpr V128 f64x2_sub(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) - detail::open<F64>(b));
}
constexpr V128 f64x2_mul(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) * detail::open<F64>(b));
}
constexpr V128 f64x2_div(V128 a, V128 b) {
  return detail::close(detail::open<F64>(a) / detail::open<F64>(b));
}
constexpr V128 f64x2_min(V128 a, V128 b) {
  return detail::close(detail::fmin(detail::open<F64>(a), detail::open<F64>(b)));
}
constexpr V128 f64x2_max(V128 a, V128 b) {
  return detail::close(detail::fmax(detail::open<F64>(a), detail::open<F64>(b)));
}
constexpr V128 f64x2_pmin(V128 a, V128 b) { return detail::pmin<F64>(a, b); }
constexpr V128 f64x2_pmax(V128 a, V128 b) { return detail::pmax<F64>(a, b); }

// Between floats. A NaN comes out quiet, canonical if it was.
constexpr V128 f32x4_demote_f64x2_zero(V128 a) {
  return detail::zero_extend(__builtin_convertvector(detail::open<F64>(a), detail::Vec<F32, 8>));
}
constexpr V128 f64x2_promote_low_f32x4(V128 a) {
  return detail::close(
      __builtin_convertvector(detail::low_half<F32>(detail::open<F32>(a)), detail::Vec<F64>));
}

// To integers, saturating
constexpr V128 i32x4_trunc_sat_f32x4_s(V128 a) { return detail::trunc_sat_f32x4<int32_t>(a, 0x1.fffffep30F); }
constexpr V128 i32x4_trunc_sat_f32x4_u(V128 a) {
  return detail::trunc_sat_f32x4<uint32_t>(a, 0x1.fffffep31F);
}
constexpr V128 i32x4_trunc_sat_f64x2_s_zero(V128 a) { return detail::trunc_sat_f64x2_zero<int32_t>(a); }
constexpr V128 i32x4_trunc_sat_f64x2_u_zero(V128 a) { return detail::trunc_sat_f64x2_zero<uint32_t>(a); }

// From integers, rounded to nearest
constexpr V128 f32x4_convert_i32x4_s(V128 a) {
  return detail::close(__builtin_convertvector(detail::open<int32_t>(a), detail::Vec<F32>));
}
constexpr V128 f32x4_convert_i32x4_u(V128 a) {
  return detail::close(__builtin_convertvector(detail::open<uint32_t>(a), detail::Vec<F32>));
}
constexpr V128 f64x2_convert_low_i32x4_s(V128 a) {
  return detail::close(
      __builtin_convertvector(detail::low_half<int32_t>(detail::open<int32_t>(a)), detail::Vec<F64>));
}
constexpr V128 f64x2_convert_low_i32x4_u(V128 a) {
  return detail::close(
      __builtin_convertvector(detail::low_half<uint32_t>(detail::open<uint32_t>(a)), detail::Vec<F64>));
}

}  // namespace cloche::wasm::numeric
