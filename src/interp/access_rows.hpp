// Scalar loads and stores: what each row of opcodes.def reads or writes in memory, and on the stack.
// ROW(enumerator, memory type, stack type): a load widens by the sign of the first; floats travel as their
// bits.
#pragma once

#include <cstdint>

#include "wasm/opcode.hpp"

#define CLOCHE_LOAD_ROWS(ROW)           \
  ROW(i32_load, uint32_t, uint32_t)     \
  ROW(i64_load, uint64_t, uint64_t)     \
  ROW(f32_load, uint32_t, uint32_t)     \
  ROW(f64_load, uint64_t, uint64_t)     \
  ROW(i32_load8_s, int8_t, int32_t)     \
  ROW(i32_load8_u, uint8_t, uint32_t)   \
  ROW(i32_load16_s, int16_t, int32_t)   \
  ROW(i32_load16_u, uint16_t, uint32_t) \
  ROW(i64_load8_s, int8_t, int64_t)     \
  ROW(i64_load8_u, uint8_t, uint64_t)   \
  ROW(i64_load16_s, int16_t, int64_t)   \
  ROW(i64_load16_u, uint16_t, uint64_t) \
  ROW(i64_load32_s, int32_t, int64_t)   \
  ROW(i64_load32_u, uint32_t, uint64_t)

#define CLOCHE_STORE_ROWS(ROW)         \
  ROW(i32_store, uint32_t, uint32_t)   \
  ROW(i64_store, uint64_t, uint64_t)   \
  ROW(f32_store, uint32_t, uint32_t)   \
  ROW(f64_store, uint64_t, uint64_t)   \
  ROW(i32_store8, uint8_t, uint32_t)   \
  ROW(i32_store16, uint16_t, uint32_t) \
  ROW(i64_store8, uint8_t, uint64_t)   \
  ROW(i64_store16, uint16_t, uint64_t) \
  ROW(i64_store32, uint32_t, uint64_t)

namespace cloche::interp {

template <wasm::Op Row>
struct AccessTypes;

#define CLOCHE_ACCESS_TYPES(name, memory, stack) \
  template <>                                    \
  struct AccessTypes<wasm::Op::name> {           \
    using Memory = memory;                       \
    using Stack = stack;                         \
  };
CLOCHE_LOAD_ROWS(CLOCHE_ACCESS_TYPES)
CLOCHE_STORE_ROWS(CLOCHE_ACCESS_TYPES)
#undef CLOCHE_ACCESS_TYPES

}  // namespace cloche::interp
