// Conversions between scalar number types (spec: Execution / Numerics / Conversions).
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "wasm/numeric_types.h"

namespace cloche::wasm::numeric {

namespace detail {

/// True when `v`, its fraction cut off, fits Int; false for NaNs.
template <class Int, class F>
constexpr bool fits(F v) {
  constexpr F beyond = F(Int{1} << (std::numeric_limits<Int>::digits - 1)) * 2;
  // One below the smallest integer is excluded where F can tell it from the smallest itself.
  if constexpr (std::is_unsigned_v<Int>) return v > F(-1) && v < beyond;
  if constexpr (std::numeric_limits<Int>::digits < std::numeric_limits<F>::digits)
    return v > -beyond - 1 && v < beyond;
  return v >= -beyond && v < beyond;
}

/// Truncation towards zero to the integer type Int, as the unsigned type T of wasm's integers. Traps:
/// invalid_conversion_to_integer for NaNs, integer_overflow for what does not fit.
template <class Int, class F, class T = std::make_unsigned_t<Int>>
constexpr Trapping<T> trunc(F v) {
  if (fits<Int>(v)) [[likely]]
    return {static_cast<T>(static_cast<Int>(v))};
  return {0, v != v ? TrapCode::invalid_conversion_to_integer : TrapCode::integer_overflow};
}

/// Truncation that gives zero for NaNs and the nearest bound for what does not fit.
template <class Int, class F, class T = std::make_unsigned_t<Int>>
constexpr T trunc_sat(F v) {
  if (fits<Int>(v)) [[likely]]
    return static_cast<T>(static_cast<Int>(v));
  if (v != v) return 0;
  return static_cast<T>(v < 0 ? std::numeric_limits<Int>::min() : std::numeric_limits<Int>::max());
}

}  // namespace detail

// Between integers
constexpr uint32_t i32_wrap_i64(uint64_t a) { return static_cast<uint32_t>(a); }
constexpr uint64_t i64_extend_i32_s(uint32_t a) { return static_cast<uint64_t>(static_cast<int32_t>(a)); }
constexpr uint64_t i64_extend_i32_u(uint32_t a) { return a; }

// Between floats. A NaN comes out quiet, canonical if it was.
constexpr F32 f32_demote_f64(F64 a) { return static_cast<F32>(a); }
constexpr F64 f64_promote_f32(F32 a) { return a; }

// Truncation that traps: invalid_conversion_to_integer, integer_overflow
constexpr Trapping<uint32_t> i32_trunc_f32_s(F32 a) { return detail::trunc<int32_t>(a); }
constexpr Trapping<uint32_t> i32_trunc_f32_u(F32 a) { return detail::trunc<uint32_t>(a); }
constexpr Trapping<uint32_t> i32_trunc_f64_s(F64 a) { return detail::trunc<int32_t>(a); }
constexpr Trapping<uint32_t> i32_trunc_f64_u(F64 a) { return detail::trunc<uint32_t>(a); }
constexpr Trapping<uint64_t> i64_trunc_f32_s(F32 a) { return detail::trunc<int64_t>(a); }
constexpr Trapping<uint64_t> i64_trunc_f32_u(F32 a) { return detail::trunc<uint64_t>(a); }
constexpr Trapping<uint64_t> i64_trunc_f64_s(F64 a) { return detail::trunc<int64_t>(a); }
constexpr Trapping<uint64_t> i64_trunc_f64_u(F64 a) { return detail::trunc<uint64_t>(a); }

// Truncation that saturates
constexpr uint32_t i32_trunc_sat_f32_s(F32 a) { return detail::trunc_sat<int32_t>(a); }
constexpr uint32_t i32_trunc_sat_f32_u(F32 a) { return detail::trunc_sat<uint32_t>(a); }
constexpr uint32_t i32_trunc_sat_f64_s(F64 a) { return detail::trunc_sat<int32_t>(a); }
constexpr uint32_t i32_trunc_sat_f64_u(F64 a) { return detail::trunc_sat<uint32_t>(a); }
constexpr uint64_t i64_trunc_sat_f32_s(F32 a) { return detail::trunc_sat<int64_t>(a); }
constexpr uint64_t i64_trunc_sat_f32_u(F32 a) { return detail::trunc_sat<uint64_t>(a); }
constexpr uint64_t i64_trunc_sat_f64_s(F64 a) { return detail::trunc_sat<int64_t>(a); }
constexpr uint64_t i64_trunc_sat_f64_u(F64 a) { return detail::trunc_sat<uint64_t>(a); }

// From integers, rounded to nearest
constexpr F32 f32_convert_i32_s(uint32_t a) { return static_cast<F32>(static_cast<int32_t>(a)); }
constexpr F32 f32_convert_i32_u(uint32_t a) { return static_cast<F32>(a); }
constexpr F32 f32_convert_i64_s(uint64_t a) { return static_cast<F32>(static_cast<int64_t>(a)); }
constexpr F32 f32_convert_i64_u(uint64_t a) { return static_cast<F32>(a); }
constexpr F64 f64_convert_i32_s(uint32_t a) { return static_cast<F64>(static_cast<int32_t>(a)); }
constexpr F64 f64_convert_i32_u(uint32_t a) { return static_cast<F64>(a); }
constexpr F64 f64_convert_i64_s(uint64_t a) { return static_cast<F64>(static_cast<int64_t>(a)); }
constexpr F64 f64_convert_i64_u(uint64_t a) { return static_cast<F64>(a); }

// The same bits
constexpr uint32_t i32_reinterpret_f32(F32 a) { return std::bit_cast<uint32_t>(a); }
constexpr F32 f32_reinterpret_i32(uint32_t a) { return std::bit_cast<F32>(a); }
constexpr uint64_t i64_reinterpret_f64(F64 a) { return std::bit_cast<uint64_t>(a); }
constexpr F64 f64_reinterpret_i64(uint64_t a) { return std::bit_cast<F64>(a); }

}  // namespace cloche::wasm::numeric
