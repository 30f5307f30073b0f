// Wide arithmetic: 128-bit integers as pairs of i64 (proposal: wide-arithmetic).
#pragma once

#include <cstdint>

namespace cloche::wasm::numeric {

/// The two results of a wide instruction, in the order in which they are pushed.
struct Wide {
  uint64_t low;
  uint64_t high;

  bool operator==(const Wide&) const = default;
};

namespace detail {

__extension__ using u128 = unsigned __int128;
__extension__ using s128 = __int128;

constexpr u128 join(uint64_t low, uint64_t high) { return u128{high} << 64 | low; }
constexpr Wide split(u128 v) { return {static_cast<uint64_t>(v), static_cast<uint64_t>(v >> 64)}; }
constexpr s128 widen_s(uint64_t v) { return static_cast<int64_t>(v); }

}  // namespace detail

/// Sum and difference modulo 2^128.
constexpr Wide i64_add128(uint64_t a_low, uint64_t a_high, uint64_t b_low, uint64_t b_high) {
  return detail::split(detail::join(a_low, a_high) + detail::join(b_low, b_high));
}
constexpr Wide i64_sub128(uint64_t a_low, uint64_t a_high, uint64_t b_low, uint64_t b_high) {
  return detail::split(detail::join(a_low, a_high) - detail::join(b_low, b_high));
}

/// The whole product, which always fits.
constexpr Wide i64_mul_wide_s(uint64_t a, uint64_t b) {
  return detail::split(static_cast<detail::u128>(detail::widen_s(a) * detail::widen_s(b)));
}
constexpr Wide i64_mul_wide_u(uint64_t a, uint64_t b) { return detail::split(detail::u128{a} * b); }

}  // namespace cloche::wasm::numeric
