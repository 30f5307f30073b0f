// How lane-wise instructions are written: a V128 seen as a vector of the compiler's (clang's and GCC's
// vector_size), whose operators work on all lanes at once, in constant expressions too. Only the numeric
// headers use this.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "wasm/v128.hpp"

namespace cloche::wasm::numeric::detail {

/// A vector of T that takes `Bytes` in all: 16 for a v128, 8 for half of one, 32 for two.
template <class T, size_t Bytes = 16>
using Vec [[gnu::vector_size(Bytes)]] = T;

template <class V>
using LaneOf = std::remove_cvref_t<decltype(std::declval<V>()[0])>;

/// The integer as wide as T whose bits a lane of T has; also the lane type of masks.
template <class T>
using UintOf = std::conditional_t<
    sizeof(T) == 1, uint8_t,
    std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;

/// The lanes of `v` as a vector, and back.
template <class T>
constexpr Vec<T> open(V128 v) {
  return std::bit_cast<Vec<T>>(v);
}
template <class V>
constexpr V128 close(V vec) {
  return std::bit_cast<V128>(vec);
}

/// The vector whose lanes are all `v`, of its very bits (arithmetic with a scalar would quiet a NaN).
template <class T>
constexpr Vec<T> fill(T v) {
  using U = UintOf<T>;
  return std::bit_cast<Vec<T>>(Vec<U>{} + std::bit_cast<U>(v));
}

/// Lane by lane `a` where the mask (a comparison's result: all ones or all zeros) is set, else `b`.
template <class Mask, class V>
constexpr V select(Mask mask, V a, V b) {
  using Bits = Vec<UintOf<LaneOf<V>>, sizeof(V)>;
  if (std::is_constant_evaluated()) {  // clang 19 does not fold ?: on vectors
    const auto chosen = std::bit_cast<Bits>(mask);
    return std::bit_cast<V>((std::bit_cast<Bits>(a) & chosen) | (std::bit_cast<Bits>(b) & ~chosen));
  }
  return std::bit_cast<Vec<std::make_signed_t<UintOf<LaneOf<V>>>, sizeof(V)>>(mask) ? a : b;
}

/// The lower and the upper half of the lanes.
template <class T>
constexpr Vec<T, 8> low_half(Vec<T> v) {
  return std::bit_cast<Vec<T, 8>>(close(v).template lane<uint64_t>(0));
}
template <class T>
constexpr Vec<T, 8> high_half(Vec<T> v) {
  return std::bit_cast<Vec<T, 8>>(close(v).template lane<uint64_t>(1));
}

/// The v128 with `half` below and zeros above.
template <class Half>
constexpr V128 zero_extend(Half half) {
  return close(Vec<uint64_t>{std::bit_cast<uint64_t>(half), 0});
}

}  // namespace cloche::wasm::numeric::detail
