// Loads and stores of vectors and lanes. Bounds are always compared: next to the work on sixteen bytes it is
// little.
#include "interp/access.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"
#include "wasm/numeric.h"

namespace cloche::interp {
namespace {

namespace numeric = wasm::numeric;

/// The place of an access whose immediates begin at `at` (which moves past them); null when out of bounds.
CLOCHE_INLINE uint8_t* locate(const State& s, const uint8_t*& at, const Slot* address, uint64_t bytes) {
  const MemArg arg = read_mem_arg(at);
  const abi::Memory* memory = s.instance->mems[arg.mem];
  return checked_address(memory, read_address(address, memory->is_64), arg.offset, bytes);
}

/// Loads an M and makes a vector of it.
template <class M, auto Make>
Handler load_vector(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint8_t* source = locate(s, at, &s.sp[-1], sizeof(M));
  if (!source) return trap(s, TrapCode::out_of_bounds_memory_access);
  write_slot(s.sp - 1, Make(read_raw<M>(source)));
  s.sp += 1;
  s.pc = at;
  return nullptr;
}

Handler store_vector(State& s) {
  const uint8_t* at = s.pc + 2;
  uint8_t* target = locate(s, at, &s.sp[-3], 16);
  if (!target) return trap(s, TrapCode::out_of_bounds_memory_access);
  const V128 value = read_slot<V128>(s.sp - 2);
  std::memcpy(target, &value, sizeof value);
  s.sp -= 3;
  s.pc = at;
  return nullptr;
}

template <class M>
Handler load_lane(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint8_t* source = locate(s, at, &s.sp[-3], sizeof(M));
  if (!source) return trap(s, TrapCode::out_of_bounds_memory_access);
  const V128 vector = read_slot<V128>(s.sp - 2);
  write_slot(s.sp - 3, vector.with_lane<M>(*at, read_raw<M>(source)));
  s.sp -= 1;
  s.pc = at + 1;
  return nullptr;
}

template <class M>
Handler store_lane(State& s) {
  const uint8_t* at = s.pc + 2;
  uint8_t* target = locate(s, at, &s.sp[-3], sizeof(M));
  if (!target) return trap(s, TrapCode::out_of_bounds_memory_access);
  const M value = read_slot<V128>(s.sp - 2).lane<M>(*at);
  std::memcpy(target, &value, sizeof value);
  s.sp -= 3;
  s.pc = at + 1;
  return nullptr;
}

V128 whole(V128 value) { return value; }
/// The number in the low lane, zeros above.
template <class M>
V128 low_lane(M value) {
  return V128{}.with_lane<M>(0, value);
}
/// Half a vector, widened lane by lane.
template <auto Extend>
V128 extended(uint64_t half) {
  return Extend(low_lane(half));
}
template <class M, auto Splat>
V128 splat(M value) {
  return Splat(value);
}

}  // namespace

void add_vector_memory(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::v128_load, step<load_vector<V128, whole>>);
  builder.any(Op::v128_load8x8_s, step<load_vector<uint64_t, extended<numeric::i16x8_extend_low_i8x16_s>>>);
  builder.any(Op::v128_load8x8_u, step<load_vector<uint64_t, extended<numeric::i16x8_extend_low_i8x16_u>>>);
  builder.any(Op::v128_load16x4_s, step<load_vector<uint64_t, extended<numeric::i32x4_extend_low_i16x8_s>>>);
  builder.any(Op::v128_load16x4_u, step<load_vector<uint64_t, extended<numeric::i32x4_extend_low_i16x8_u>>>);
  builder.any(Op::v128_load32x2_s, step<load_vector<uint64_t, extended<numeric::i64x2_extend_low_i32x4_s>>>);
  builder.any(Op::v128_load32x2_u, step<load_vector<uint64_t, extended<numeric::i64x2_extend_low_i32x4_u>>>);
  builder.any(Op::v128_load8_splat, step<load_vector<uint8_t, splat<uint8_t, numeric::i8x16_splat>>>);
  builder.any(Op::v128_load16_splat, step<load_vector<uint16_t, splat<uint16_t, numeric::i16x8_splat>>>);
  builder.any(Op::v128_load32_splat, step<load_vector<uint32_t, splat<uint32_t, numeric::i32x4_splat>>>);
  builder.any(Op::v128_load64_splat, step<load_vector<uint64_t, splat<uint64_t, numeric::i64x2_splat>>>);
  builder.any(Op::v128_load32_zero, step<load_vector<uint32_t, low_lane<uint32_t>>>);
  builder.any(Op::v128_load64_zero, step<load_vector<uint64_t, low_lane<uint64_t>>>);
  builder.any(Op::v128_store, step<store_vector>);
  builder.any(Op::v128_load8_lane, step<load_lane<uint8_t>>);
  builder.any(Op::v128_load16_lane, step<load_lane<uint16_t>>);
  builder.any(Op::v128_load32_lane, step<load_lane<uint32_t>>);
  builder.any(Op::v128_load64_lane, step<load_lane<uint64_t>>);
  builder.any(Op::v128_store8_lane, step<store_lane<uint8_t>>);
  builder.any(Op::v128_store16_lane, step<store_lane<uint16_t>>);
  builder.any(Op::v128_store32_lane, step<store_lane<uint32_t>>);
  builder.any(Op::v128_store64_lane, step<store_lane<uint64_t>>);
}

}  // namespace cloche::interp
