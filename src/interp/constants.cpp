// Constants.
#include "interp/decode.hpp"
#include "interp/slots.hpp"
#include "interp/table.hpp"

namespace cloche::interp {
namespace {

CLOCHE_INLINE Handler i32_const(State& s) {
  *s.sp++ = static_cast<uint32_t>(short_sleb(s.pc[1]));
  s.pc += 2;
  return nullptr;
}
CLOCHE_INLINE Handler i64_const(State& s) {
  *s.sp++ = static_cast<uint64_t>(short_sleb(s.pc[1]));
  s.pc += 2;
  return nullptr;
}
CLOCHE_INLINE Handler i32_const_long(State& s) {
  unsigned bytes;
  *s.sp++ = static_cast<uint32_t>(read_constant<int32_t>(s.pc + 1, bytes));
  s.pc += 1 + bytes;
  return nullptr;
}
CLOCHE_INLINE Handler i64_const_long(State& s) {
  unsigned bytes;
  *s.sp++ = static_cast<uint64_t>(read_constant<int64_t>(s.pc + 1, bytes));
  s.pc += 1 + bytes;
  return nullptr;
}

/// f32.const, f64.const, v128.const: the bytes as they stand, after `Opcode` bytes of opcode.
template <class T, unsigned Opcode>
CLOCHE_INLINE Handler raw_const(State& s) {
  write_slot(s.sp, read_raw<T>(s.pc + Opcode));
  s.sp += slots_of<T>;
  s.pc += Opcode + sizeof(T);
  return nullptr;
}

}  // namespace

void add_constants(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::i32_const, step<i32_const_long>);
  builder.below_80(Op::i32_const, step<i32_const>);
  builder.any(Op::i64_const, step<i64_const_long>);
  builder.below_80(Op::i64_const, step<i64_const>);
  builder.any(Op::f32_const, step<raw_const<uint32_t, 1>>);
  builder.any(Op::f64_const, step<raw_const<uint64_t, 1>>);
  builder.any(Op::v128_const, step<raw_const<V128, 2>>);
}

}  // namespace cloche::interp
