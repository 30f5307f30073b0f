// Operands for the tests of numeric instructions, and comparing lane-wise instructions with a function of one
// lane.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "wasm/v128.hpp"

namespace cloche::wasm::test {

/// Numbers that look random and are the same in every run (xorshift).
class Numbers {
 public:
  uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  uint64_t state_ = 0x9E3779B97F4A7C15;
};

/// Integers of type T at and around its bounds, and some between them.
template <class T>
std::vector<T> edge_integers() {
  using U = std::make_unsigned_t<T>;
  std::vector<T> values;
  for (int bit = 0; bit < std::numeric_limits<U>::digits; ++bit)
    for (const U near : {U(0), U(1), U(~U(0))}) {
      values.push_back(static_cast<T>(static_cast<U>((U(1) << bit) + near)));
      values.push_back(static_cast<T>(static_cast<U>(~((U(1) << bit) + near))));
    }
  return values;
}

template <class F>
using BitsOf = std::conditional_t<sizeof(F) == 4, uint32_t, uint64_t>;

template <class F>
BitsOf<F> bits(F v) {
  return std::bit_cast<BitsOf<F>>(v);
}

/// NaNs by payload; a compiler cannot see through the volatile, so that they reach instructions as they are.
template <class F>
F nan(BitsOf<F> payload, bool negative = false) {
  volatile BitsOf<F> exponent = bits(std::numeric_limits<F>::infinity());
  return std::bit_cast<F>(
      static_cast<BitsOf<F>>(exponent | payload | BitsOf<F>{negative} << (sizeof(F) * 8 - 1)));
}
template <class F>
constexpr BitsOf<F> quiet_bit = BitsOf<F>{1} << (std::numeric_limits<F>::digits - 2);

template <class F>
bool is_arithmetic_nan(F v) {
  return v != v && (bits(v) & quiet_bit<F>) != 0;
}
template <class F>
bool is_canonical_nan(F v) {
  return v != v && (bits(v) & (quiet_bit<F> * 2 - 1)) == quiet_bit<F>;
}

/// Numbers of both signs: zeros, subnormals, halves, the largest fractions and integers, infinities.
template <class F>
std::vector<F> edge_numbers() {
  using L = std::numeric_limits<F>;
  constexpr F integral = F(uint64_t{1} << (L::digits - 1));
  std::vector<F> values;
  for (const F v : {F(0),
                    L::denorm_min(),
                    L::min(),
                    F(0.25),
                    F(0.5),
                    std::bit_cast<F>(bits(F(0.5)) - 1),
                    F(1),
                    F(1.5),
                    F(2),
                    F(2.5),
                    F(3.5),
                    F(4.75),
                    F(127.5),
                    F(255),
                    F(32768),
                    F(2147483647),
                    F(2147483648.0),
                    F(4294967295.0),
                    F(4294967296.0),
                    F(9223372036854775808.0),
                    F(18446744073709551616.0),
                    integral / 2 - F(0.5),
                    integral / 2 + F(0.5),
                    integral - F(0.5),
                    integral - 1,
                    integral,
                    integral + 1,
                    integral * 2,
                    L::max(),
                    L::infinity()}) {
    values.push_back(v);
    values.push_back(-v);
  }
  return values;
}

/// The same, and NaNs: canonical, with a payload, signalling.
template <class F>
std::vector<F> edge_floats() {
  std::vector<F> values = edge_numbers<F>();
  for (const bool negative : {false, true})
    for (const BitsOf<F> payload : {quiet_bit<F>, BitsOf<F>(quiet_bit<F> | 5), BitsOf<F>(7)})
      values.push_back(nan<F>(payload, negative));
  return values;
}

template <class T>
std::vector<T> edges() {
  if constexpr (std::is_floating_point_v<T>) {
    return edge_floats<T>();
  } else {
    return edge_integers<T>();
  }
}

/// Vectors in whose lanes all edges of T stand, in each lane sooner or later; then random ones.
template <class T>
std::vector<V128> vectors(size_t stride) {
  const auto values = edges<T>();
  std::vector<V128> result;
  for (size_t i = 0; i < values.size(); ++i) {
    std::array<T, V128::lane_count<T>> lanes;
    for (size_t k = 0; k < lanes.size(); ++k) lanes[k] = values[(i + k * stride) % values.size()];
    result.push_back(V128::from_lanes(lanes));
  }
  Numbers numbers;
  for (int i = 0; i < 50; ++i) result.push_back(V128::from_lanes(std::array{numbers.next(), numbers.next()}));
  return result;
}

/// Equality of lanes by their bits.
template <class T>
bool same(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return bits(a) == bits(b);
  } else {
    return a == b;
  }
}

/// `op` on vectors of T gives lanes of R, each what `lane_op` makes of the operand's lane.
template <class T, class R = T>
void expect_lanes(V128 (*op)(V128), auto lane_op) {
  for (const V128& a : vectors<T>(1)) {
    const V128 result = op(a);
    for (size_t k = 0; k < V128::lane_count<R>; ++k)
      EXPECT_TRUE(same(result.lane<R>(k), static_cast<R>(lane_op(a.lane<T>(k)))))
          << "lane " << k << ": " << +a.lane<T>(k) << " gives " << +result.lane<R>(k);
  }
}
template <class T, class R = T>
void expect_lanes(V128 (*op)(V128, V128), auto lane_op) {
  for (const V128& a : vectors<T>(1))
    for (const V128& b : vectors<T>(3)) {
      const V128 result = op(a, b);
      for (size_t k = 0; k < V128::lane_count<R>; ++k)
        ASSERT_TRUE(same(result.lane<R>(k), static_cast<R>(lane_op(a.lane<T>(k), b.lane<T>(k)))))
            << "lane " << k << ": " << +a.lane<T>(k) << ", " << +b.lane<T>(k) << " gives "
            << +result.lane<R>(k);
    }
}

}  // namespace cloche::wasm::test
