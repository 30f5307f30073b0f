// Reads immediates of validated code: no bounds, no checks, only the value and the way on.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "interp/state.hpp"

namespace cloche::interp {

/// An unsigned LEB128 of up to 64 bits; `at` moves past it. Unrolled, so that shifts are by constants and the
/// predictor sees one branch for each length.
template <class T, unsigned Index = 0>
CLOCHE_INLINE T read_uleb(const uint8_t*& at) {
  const uint8_t byte = at[Index];
  T value = static_cast<T>(static_cast<T>(byte & 0x7F) << (7 * Index));
  if constexpr (7 * (Index + 1) < 8 * sizeof(T)) {
    if (byte & 0x80) return value | read_uleb<T, Index + 1>(at);
  }
  at += Index + 1;
  return value;
}

/// The number that begins with `value` at a signed LEB128's byte `Index`; `bytes` becomes its length. T is as
/// wide as the instruction's type.
template <class T, unsigned Index = 0>
CLOCHE_INLINE T read_constant(const uint8_t* at, unsigned& bytes, std::make_unsigned_t<T> value = 0) {
  using U = std::make_unsigned_t<T>;
  constexpr unsigned end = 7 * (Index + 1);
  const uint8_t byte = at[Index];
  value |= static_cast<U>(static_cast<U>(byte & 0x7F) << (7 * Index));
  if constexpr (end < 8 * sizeof(T)) {
    if (byte & 0x80) return read_constant<T, Index + 1>(at, bytes, value);
    bytes = Index + 1;
    constexpr unsigned unused = 8 * sizeof(T) - end;
    return static_cast<T>(value << unused) >> unused;
  } else {
    bytes = Index + 1;
    return static_cast<T>(value);
  }
}

/// A signed LEB128 of up to 64 bits, as 64 bits; `at` moves past it.
CLOCHE_INLINE int64_t read_sleb(const uint8_t*& at) {
  uint64_t value = 0;
  unsigned shift = 0;
  uint8_t byte;
  do {
    byte = *at++;
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    shift += 7;
  } while (byte & 0x80);
  if (shift < 64 && (byte & 0x40)) value |= ~uint64_t{0} << shift;
  return static_cast<int64_t>(value);
}

CLOCHE_INLINE uint32_t read_index(const uint8_t*& at) { return read_uleb<uint32_t>(at); }

/// The signed value of a LEB128 that is one byte long.
CLOCHE_INLINE int64_t short_sleb(uint8_t byte) { return static_cast<int8_t>(byte << 1) >> 1; }

struct MemArg {
  uint32_t mem;
  uint64_t offset;
};

CLOCHE_INLINE MemArg read_mem_arg(const uint8_t*& at) {
  const uint32_t flags = read_index(at);
  MemArg arg{0, 0};
  if (flags & 0x40) arg.mem = read_index(at);
  arg.offset = read_uleb<uint64_t>(at);
  return arg;
}

template <class T>
CLOCHE_INLINE T read_raw(const void* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace cloche::interp
