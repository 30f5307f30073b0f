// Scalar integer instructions: i32.*, i64.* (spec: Execution / Numerics / Integer Operations). Integers are
// unsigned here, and signed only inside the operations that read them so.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "wasm/numeric_types.h"

namespace cloche::wasm::numeric {

namespace detail {

/// The two's complement reading of `v`.
template <std::unsigned_integral T>
constexpr std::make_signed_t<T> as_signed(T v) {
  return static_cast<std::make_signed_t<T>>(v);
}

/// Shift and rotation counts are taken modulo the width.
template <std::unsigned_integral T>
constexpr int shift_count(T v) {
  return static_cast<int>(v & (std::numeric_limits<T>::digits - 1));
}

template <std::unsigned_integral T>
constexpr Trapping<T> div_s(T a, T b) {
  if (b == 0) return {0, TrapCode::integer_divide_by_zero};
  const auto dividend = as_signed(a);
  const auto divisor = as_signed(b);
  if (dividend == std::numeric_limits<std::make_signed_t<T>>::min() && divisor == -1)
    return {0, TrapCode::integer_overflow};
  return {static_cast<T>(dividend / divisor)};
}

template <std::unsigned_integral T>
constexpr Trapping<T> div_u(T a, T b) {
  if (b == 0) return {0, TrapCode::integer_divide_by_zero};
  return {a / b};
}

template <std::unsigned_integral T>
constexpr Trapping<T> rem_s(T a, T b) {
  if (b == 0) return {0, TrapCode::integer_divide_by_zero};
  // The hardware's division faults on the smallest integer by -1, whose remainder is zero like any other's by
  // -1.
  if (as_signed(b) == -1) return {0};
  return {static_cast<T>(as_signed(a) % as_signed(b))};
}

template <std::unsigned_integral T>
constexpr Trapping<T> rem_u(T a, T b) {
  if (b == 0) return {0, TrapCode::integer_divide_by_zero};
  return {a % b};
}

/// `v` cut to the width of Narrow and extended back by its sign.
template <std::signed_integral Narrow, std::unsigned_integral T>
constexpr T sign_extend(T v) {
  return static_cast<T>(static_cast<std::make_signed_t<T>>(static_cast<Narrow>(v)));
}

}  // namespace detail

// i32: counting
constexpr uint32_t i32_clz(uint32_t a) { return static_cast<uint32_t>(std::countl_zero(a)); }
constexpr uint32_t i32_ctz(uint32_t a) { return static_cast<uint32_t>(std::countr_zero(a)); }
constexpr uint32_t i32_popcnt(uint32_t a) { return static_cast<uint32_t>(std::popcount(a)); }

// i32: arithmetic, modulo 2^32
constexpr uint32_t i32_add(uint32_t a, uint32_t b) { return a + b; }
constexpr uint32_t i32_sub(uint32_t a, uint32_t b) { return a - b; }
constexpr uint32_t i32_mul(uint32_t a, uint32_t b) { return a * b; }

// Divisions trap: integer_divide_by_zero, and for a signed quotient that does not fit, integer_overflow.
constexpr Trapping<uint32_t> i32_div_s(uint32_t a, uint32_t b) { return detail::div_s(a, b); }
constexpr Trapping<uint32_t> i32_div_u(uint32_t a, uint32_t b) { return detail::div_u(a, b); }
constexpr Trapping<uint32_t> i32_rem_s(uint32_t a, uint32_t b) { return detail::rem_s(a, b); }
constexpr Trapping<uint32_t> i32_rem_u(uint32_t a, uint32_t b) { return detail::rem_u(a, b); }

// i32: bits
constexpr uint32_t i32_and(uint32_t a, uint32_t b) { return a & b; }
constexpr uint32_t i32_or(uint32_t a, uint32_t b) { return a | b; }
constexpr uint32_t i32_xor(uint32_t a, uint32_t b) { return a ^ b; }
constexpr uint32_t i32_shl(uint32_t a, uint32_t b) { return a << detail::shift_count(b); }
constexpr uint32_t i32_shr_s(uint32_t a, uint32_t b) {
  return static_cast<uint32_t>(detail::as_signed(a) >> detail::shift_count(b));
}
constexpr uint32_t i32_shr_u(uint32_t a, uint32_t b) { return a >> detail::shift_count(b); }
constexpr uint32_t i32_rotl(uint32_t a, uint32_t b) { return std::rotl(a, detail::shift_count(b)); }
constexpr uint32_t i32_rotr(uint32_t a, uint32_t b) { return std::rotr(a, detail::shift_count(b)); }

// i32: tests and comparisons give 0 or 1
constexpr uint32_t i32_eqz(uint32_t a) { return a == 0; }
constexpr uint32_t i32_eq(uint32_t a, uint32_t b) { return a == b; }
constexpr uint32_t i32_ne(uint32_t a, uint32_t b) { return a != b; }
constexpr uint32_t i32_lt_s(uint32_t a, uint32_t b) { return detail::as_signed(a) < detail::as_signed(b); }
constexpr uint32_t i32_lt_u(uint32_t a, uint32_t b) { return a < b; }
constexpr uint32_t i32_gt_s(uint32_t a, uint32_t b) { return detail::as_signed(a) > detail::as_signed(b); }
constexpr uint32_t i32_gt_u(uint32_t a, uint32_t b) { return a > b; }
constexpr uint32_t i32_le_s(uint32_t a, uint32_t b) { return detail::as_signed(a) <= detail::as_signed(b); }
constexpr uint32_t i32_le_u(uint32_t a, uint32_t b) { return a <= b; }
constexpr uint32_t i32_ge_s(uint32_t a, uint32_t b) { return detail::as_signed(a) >= detail::as_signed(b); }
constexpr uint32_t i32_ge_u(uint32_t a, uint32_t b) { return a >= b; }

// i32: sign extension in place
constexpr uint32_t i32_extend8_s(uint32_t a) { return detail::sign_extend<int8_t>(a); }
constexpr uint32_t i32_extend16_s(uint32_t a) { return detail::sign_extend<int16_t>(a); }

// i64: counting
constexpr uint64_t i64_clz(uint64_t a) { return static_cast<uint64_t>(std::countl_zero(a)); }
constexpr uint64_t i64_ctz(uint64_t a) { return static_cast<uint64_t>(std::countr_zero(a)); }
constexpr uint64_t i64_popcnt(uint64_t a) { return static_cast<uint64_t>(std::popcount(a)); }

// i64: arithmetic, modulo 2^64
constexpr uint64_t i64_add(uint64_t a, uint64_t b) { return a + b; }
constexpr uint64_t i64_sub(uint64_t a, uint64_t b) { return a - b; }
constexpr uint64_t i64_mul(uint64_t a, uint64_t b) { return a * b; }

// Divisions trap: integer_divide_by_zero, and for a signed quotient that does not fit, integer_overflow.
constexpr Trapping<uint64_t> i64_div_s(uint64_t a, uint64_t b) { return detail::div_s(a, b); }
constexpr Trapping<uint64_t> i64_div_u(uint64_t a, uint64_t b) { return detail::div_u(a, b); }
constexpr Trapping<uint64_t> i64_rem_s(uint64_t a, uint64_t b) { return detail::rem_s(a, b); }
constexpr Trapping<uint64_t> i64_rem_u(uint64_t a, uint64_t b) { return detail::rem_u(a, b); }

// i64: bits
constexpr uint64_t i64_and(uint64_t a, uint64_t b) { return a & b; }
constexpr uint64_t i64_or(uint64_t a, uint64_t b) { return a | b; }
constexpr uint64_t i64_xor(uint64_t a, uint64_t b) { return a ^ b; }
constexpr uint64_t i64_shl(uint64_t a, uint64_t b) { return a << detail::shift_count(b); }
constexpr uint64_t i64_shr_s(uint64_t a, uint64_t b) {
  return static_cast<uint64_t>(detail::as_signed(a) >> detail::shift_count(b));
}
constexpr uint64_t i64_shr_u(uint64_t a, uint64_t b) { return a >> detail::shift_count(b); }
constexpr uint64_t i64_rotl(uint64_t a, uint64_t b) { return std::rotl(a, detail::shift_count(b)); }
constexpr uint64_t i64_rotr(uint64_t a, uint64_t b) { return std::rotr(a, detail::shift_count(b)); }

// i64: tests and comparisons give 0 or 1
constexpr uint32_t i64_eqz(uint64_t a) { return a == 0; }
constexpr uint32_t i64_eq(uint64_t a, uint64_t b) { return a == b; }
constexpr uint32_t i64_ne(uint64_t a, uint64_t b) { return a != b; }
constexpr uint32_t i64_lt_s(uint64_t a, uint64_t b) { return detail::as_signed(a) < detail::as_signed(b); }
constexpr uint32_t i64_lt_u(uint64_t a, uint64_t b) { return a < b; }
constexpr uint32_t i64_gt_s(uint64_t a, uint64_t b) { return detail::as_signed(a) > detail::as_signed(b); }
constexpr uint32_t i64_gt_u(uint64_t a, uint64_t b) { return a > b; }
constexpr uint32_t i64_le_s(uint64_t a, uint64_t b) { return detail::as_signed(a) <= detail::as_signed(b); }
constexpr uint32_t i64_le_u(uint64_t a, uint64_t b) { return a <= b; }
constexpr uint32_t i64_ge_s(uint64_t a, uint64_t b) { return detail::as_signed(a) >= detail::as_signed(b); }
constexpr uint32_t i64_ge_u(uint64_t a, uint64_t b) { return a >= b; }

// i64: sign extension in place
constexpr uint64_t i64_extend8_s(uint64_t a) { return detail::sign_extend<int8_t>(a); }
constexpr uint64_t i64_extend16_s(uint64_t a) { return detail::sign_extend<int16_t>(a); }
constexpr uint64_t i64_extend32_s(uint64_t a) { return detail::sign_extend<int32_t>(a); }

}  // namespace cloche::wasm::numeric
