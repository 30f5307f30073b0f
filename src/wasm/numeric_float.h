// Scalar floating-point instructions: f32.*, f64.* (spec: Execution / Numerics / Floating-Point Operations),
// and the formulas that f32x4.* and f64x2.* share with them.
//
// abs, neg and copysign only touch the sign bit. Every other operation quiets a signalling NaN: the
// hardware's arithmetic does so by itself, and turns canonical NaNs into canonical NaNs, as the spec
// requires.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "wasm/numeric_types.h"
#include "wasm/numeric_vector.h"

namespace cloche::wasm::numeric {

namespace detail {

/// What the formulas below need to know of a scalar float type or a vector of one.
template <class F>
struct FloatShape {
  using Scalar = F;
  using Bits = UintOf<F>;
};
template <>
struct FloatShape<Vec<float>> {
  using Scalar = float;
  using Bits = Vec<uint32_t>;
};
template <>
struct FloatShape<Vec<double>> {
  using Scalar = double;
  using Bits = Vec<uint64_t>;
};

template <class F>
using ScalarOf = typename FloatShape<F>::Scalar;
template <class F>
using BitsOf = typename FloatShape<F>::Bits;

template <class Scalar>
inline constexpr UintOf<Scalar> sign_bit = UintOf<Scalar>{1} << (sizeof(Scalar) * 8 - 1);
template <class Scalar>
inline constexpr UintOf<Scalar> quiet_bit = UintOf<Scalar>{1} << (std::numeric_limits<Scalar>::digits - 2);
template <class Scalar>
inline constexpr UintOf<Scalar> canonical_nan_bits =
    std::bit_cast<UintOf<Scalar>>(std::numeric_limits<Scalar>::infinity()) | quiet_bit<Scalar>;

/// Scalars select like vectors, by a bool.
constexpr float select(bool condition, float a, float b) { return condition ? a : b; }
constexpr double select(bool condition, double a, double b) { return condition ? a : b; }

/// Whether (for vectors, in which lanes) one of the two is a NaN.
template <class F>
constexpr auto unordered(F a, F b) {
  if constexpr (std::is_floating_point_v<F>) {
    return a != a || b != b;
  } else {
    return (a != a) | (b != b);
  }
}

template <class F>
constexpr BitsOf<F> bits(F v) {
  return std::bit_cast<BitsOf<F>>(v);
}
template <class F>
constexpr F from_bits(BitsOf<F> v) {
  return std::bit_cast<F>(v);
}

/// `v` in every lane of F.
template <class F>
constexpr F all_lanes(ScalarOf<F> v) {
  if constexpr (std::is_same_v<F, ScalarOf<F>>) {
    return v;
  } else {
    return fill(v);
  }
}

template <class F>
constexpr F fabs(F v) {
  return from_bits<F>(bits(v) & static_cast<UintOf<ScalarOf<F>>>(~sign_bit<ScalarOf<F>>));
}
template <class F>
constexpr F fneg(F v) {
  return from_bits<F>(bits(v) ^ sign_bit<ScalarOf<F>>);
}
template <class F>
constexpr F fcopysign(F magnitude, F sign) {
  return from_bits<F>(bits(fabs(magnitude)) | (bits(sign) & sign_bit<ScalarOf<F>>));
}

/// `v`, made quiet if it is a signalling NaN. By bits, since compilers take v * 1 for v.
template <class F>
constexpr F quieted(F v) {
  return select(v != v, from_bits<F>(bits(v) | quiet_bit<ScalarOf<F>>), v);
}

/// `v`, or the positive canonical NaN in place of any NaN.
template <class F>
constexpr F canonical(F v) {
  return select(v != v, all_lanes<F>(std::bit_cast<ScalarOf<F>>(canonical_nan_bits<ScalarOf<F>>)), v);
}

/// From this magnitude on, every value of the type is an integer.
template <class Scalar>
inline constexpr Scalar all_integral = Scalar(uint64_t{1} << (std::numeric_limits<Scalar>::digits - 1));

/// The integer nearest to `v`, ties to the even one, provided that the magnitude of `v` is below
/// all_integral; of zeros, any. The sum has no bits left for a fraction, so the addition does the rounding.
template <class F>
constexpr F nearest_small(F v) {
  const F shift = fcopysign(all_lanes<F>(all_integral<ScalarOf<F>>), v);
  return (v + shift) - shift;
}

/// The result of a rounding: `rounded` with the sign of `v` (rounding to zero keeps the sign), or `v` itself
/// where it needs none.
template <class F>
constexpr F finish_rounding(F v, F rounded) {
  const auto has_fraction = fabs(v) < all_integral<ScalarOf<F>>;
  if constexpr (std::is_floating_point_v<F>) {
    if (!has_fraction) [[unlikely]]
      return quieted(v);
    return fcopysign(rounded, v);
  } else {
    return select(has_fraction, fcopysign(rounded, v), quieted(v));
  }
}

template <class F>
constexpr F one_if(auto condition) {
  return select(condition, all_lanes<F>(1), all_lanes<F>(0));
}

template <class F>
constexpr F fnearest(F v) {
  return finish_rounding(v, nearest_small(v));
}
template <class F>
constexpr F ftrunc(F v) {
  const F magnitude = fabs(v);
  const F near = nearest_small(magnitude);
  return finish_rounding(v, near - one_if<F>(near > magnitude));
}
template <class F>
constexpr F ffloor(F v) {
  const F near = nearest_small(v);
  return finish_rounding(v, near - one_if<F>(near > v));
}
template <class F>
constexpr F fceil(F v) {
  const F near = nearest_small(v);
  return finish_rounding(v, near + one_if<F>(near < v));
}

/// The two one-sided minima (each what minss computes) differ only for zeros of unequal sign, where or-ing
/// them finds the negative one, and for NaNs, where the sum is a quiet one.
template <class F>
constexpr F fmin(F a, F b) {
  const F ordered = from_bits<F>(bits(select(a < b, a, b)) | bits(select(b < a, b, a)));
  return select(unordered(a, b), a + b, ordered);
}
/// The same with maxima and and-ing, which finds the positive zero.
template <class F>
constexpr F fmax(F a, F b) {
  const F ordered = from_bits<F>(bits(select(a > b, a, b)) & bits(select(b > a, b, a)));
  return select(unordered(a, b), a + b, ordered);
}

}  // namespace detail

/// `v`, or the positive canonical NaN in place of any NaN: what the deterministic profile makes of every
/// result.
constexpr F32 canonicalize(F32 v) { return detail::canonical(v); }
constexpr F64 canonicalize(F64 v) { return detail::canonical(v); }

// f32: the sign
constexpr F32 f32_abs(F32 a) { return detail::fabs(a); }
constexpr F32 f32_neg(F32 a) { return detail::fneg(a); }
constexpr F32 f32_copysign(F32 a, F32 b) { return detail::fcopysign(a, b); }

// f32: rounding to an integer
constexpr F32 f32_ceil(F32 a) { return detail::fceil(a); }
constexpr F32 f32_floor(F32 a) { return detail::ffloor(a); }
constexpr F32 f32_trunc(F32 a) { return detail::ftrunc(a); }
constexpr F32 f32_nearest(F32 a) { return detail::fnearest(a); }

// f32: arithmetic
inline F32 f32_sqrt(F32 a) { return __builtin_sqrtf(a); }
constexpr F32 f32_add(F32 a, F32 b) { return a + b; }
constexpr F32 f32_sub(F32 a, F32 b) { return a - b; }
constexpr F32 f32_mul(F32 a, F32 b) { return a * b; }
constexpr F32 f32_div(F32 a, F32 b) { return a / b; }
constexpr F32 f32_min(F32 a, F32 b) { return detail::fmin(a, b); }
constexpr F32 f32_max(F32 a, F32 b) { return detail::fmax(a, b); }

// f32: comparisons give 0 or 1
constexpr uint32_t f32_eq(F32 a, F32 b) { return a == b; }
constexpr uint32_t f32_ne(F32 a, F32 b) { return a != b; }
constexpr uint32_t f32_lt(F32 a, F32 b) { return a < b; }
constexpr uint32_t f32_gt(F32 a, F32 b) { return a > b; }
constexpr uint32_t f32_le(F32 a, F32 b) { return a <= b; }
constexpr uint32_t f32_ge(F32 a, F32 b) { return a >= b; }

// f64: the sign
constexpr F64 f64_abs(F64 a) { return detail::fabs(a); }
constexpr F64 f64_neg(F64 a) { return detail::fneg(a); }
constexpr F64 f64_copysign(F64 a, F64 b) { return detail::fcopysign(a, b); }

// f64: rounding to an integer
constexpr F64 f64_ceil(F64 a) { return detail::fceil(a); }
constexpr F64 f64_floor(F64 a) { return detail::ffloor(a); }
constexpr F64 f64_trunc(F64 a) { return detail::ftrunc(a); }
constexpr F64 f64_nearest(F64 a) { return detail::fnearest(a); }

// f64: arithmetic
inline F64 f64_sqrt(F64 a) { return __builtin_sqrt(a); }
constexpr F64 f64_add(F64 a, F64 b) { return a + b; }
constexpr F64 f64_sub(F64 a, F64 b) { return a - b; }
constexpr F64 f64_mul(F64 a, F64 b) { return a * b; }
constexpr F64 f64_div(F64 a, F64 b) { return a / b; }
constexpr F64 f64_min(F64 a, F64 b) { return detail::fmin(a, b); }
constexpr F64 f64_max(F64 a, F64 b) { return detail::fmax(a, b); }

// f64: comparisons give 0 or 1
constexpr uint32_t f64_eq(F64 a, F64 b) { return a == b; }
constexpr uint32_t f64_ne(F64 a, F64 b) { return a != b; }
constexpr uint32_t f64_lt(F64 a, F64 b) { return a < b; }
constexpr uint32_t f64_gt(F64 a, F64 b) { return a > b; }
constexpr uint32_t f64_le(F64 a, F64 b) { return a <= b; }
constexpr uint32_t f64_ge(F64 a, F64 b) { return a >= b; }

}  // namespace cloche::wasm::numeric
