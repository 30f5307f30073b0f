// Values in slots. Every write of a number fills its slot, upper half zero, so that copying a slot never
// waits for a narrower store; every read takes only the number's own bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "interp/state.hpp"
#include "wasm/v128.hpp"

namespace cloche::interp {

using wasm::V128;

template <class T>
inline constexpr uint32_t slots_of = sizeof(T) > 8 ? 2 : 1;

template <class T>
CLOCHE_INLINE T read_slot(const Slot* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
CLOCHE_INLINE void write_slot(Slot* at, T value) {
  if constexpr (sizeof(T) == 4) {
    *at = std::bit_cast<uint32_t>(value);
  } else {
    std::memcpy(at, &value, sizeof value);
  }
}

CLOCHE_INLINE uint32_t u32(Slot slot) { return static_cast<uint32_t>(slot); }

/// Copies `count` slots towards lower addresses (or in place), overlap allowed. A loop of its own, since a
/// call of memmove would make every handler save its registers.
CLOCHE_INLINE void move_slots_down(Slot* to, const Slot* from, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    to[i] = from[i];
    asm volatile("" : : : "memory");  // keeps it a loop
  }
}

}  // namespace cloche::interp
