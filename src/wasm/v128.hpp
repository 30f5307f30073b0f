// The value of type v128: sixteen bytes, read as lanes of any number type. Lane 0 comes first in memory, and
// the bytes of a lane are little-endian, on every host. What instructions compute with it is in numeric.h.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace cloche::wasm {

static_assert(std::endian::native == std::endian::little, "lanes are read as the host's own numbers");

/// A 128-bit vector. Trivial, so that it can live in unions, cells and raw memory; V128{} is all zeros.
struct alignas(16) V128 {
  std::array<uint8_t, 16> bytes;

  /// How many lanes of type T there are.
  template <class T>
  static constexpr size_t lane_count = 16 / sizeof(T);

  /// All lanes, lane 0 first.
  template <class T>
  constexpr std::array<T, lane_count<T>> lanes() const {
    return std::bit_cast<std::array<T, lane_count<T>>>(bytes);
  }

  /// The vector with these lanes, lane 0 first.
  template <class T, size_t N>
  static constexpr V128 from_lanes(const std::array<T, N>& lanes) {
    static_assert(N == lane_count<T>);
    return std::bit_cast<V128>(lanes);
  }

  /// Lane `i`, which is below lane_count<T>.
  template <class T>
  constexpr T lane(size_t i) const {
    return lanes<T>()[i];
  }

  /// A copy whose lane `i` (below lane_count<T>) is `value`.
  template <class T>
  constexpr V128 with_lane(size_t i, T value) const {
    auto all = lanes<T>();
    all[i] = value;
    return from_lanes(all);
  }

  /// Bitwise: NaNs of equal bits are equal, zeros of unequal signs are not.
  bool operator==(const V128&) const = default;
};

static_assert(sizeof(V128) == 16);

}  // namespace cloche::wasm
