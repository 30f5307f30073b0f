// Reads immediates of validated code: no bounds, no checks, only the value and the way on.
#pragma once

#include <cstdint>
#include <cstring>

#include "interp/state.hpp"

namespace cloche::interp {

/// An unsigned LEB128 of up to 64 bits; `at` moves past it.
template <class T>
CLOCHE_INLINE T read_uleb(const uint8_t*& at) {
  uint8_t byte = *at++;
  T value = byte & 0x7F;
  for (unsigned shift = 7; byte & 0x80; shift += 7) {
    byte = *at++;
    value |= static_cast<T>(byte & 0x7F) << shift;
  }
  return value;
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
