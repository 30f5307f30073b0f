// Structures.
#include "interp/fields.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

using abi::Rtt;
using abi::StructObject;

StructObject* allocate(State& s, const Rtt* rtt) {
  s.context->sp = s.sp;  // the operands stay on the stack, where the collector sees them
  return s.context->calls->struct_new(s.context, rtt);
}

Handler struct_new(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  StructObject* object = allocate(s, rtt);
  if (!object) return trap(s, TrapCode::out_of_memory);
  for (uint32_t i = rtt->field_count; i-- > 0;) {
    s.sp -= rtt->field_types[i].unpacked().slots();
    write_field(abi::field_at(object, rtt->field_offsets[i]), rtt->field_types[i], s.sp);
  }
  *s.sp++ = abi::to_ref(object);
  s.pc = at;
  return nullptr;
}

Handler struct_new_default(State& s) {
  const uint8_t* at = s.pc + 2;
  const StructObject* object = allocate(s, s.instance->rtts[read_index(at)]);
  if (!object) return trap(s, TrapCode::out_of_memory);
  *s.sp++ = abi::to_ref(object);
  s.pc = at;
  return nullptr;
}

template <bool Signed>
Handler struct_get(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  const uint32_t field = read_index(at);
  if (s.sp[-1] == abi::null_ref) return trap(s, TrapCode::null_structure_reference);
  const wasm::StorageType type = rtt->field_types[field];
  read_field(abi::field_at(abi::as_object(s.sp[-1]), rtt->field_offsets[field]), type, Signed, s.sp - 1);
  s.sp += type.unpacked().slots() - 1;
  s.pc = at;
  return nullptr;
}

Handler struct_set(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  const uint32_t field = read_index(at);
  const wasm::StorageType type = rtt->field_types[field];
  Slot* value = s.sp - type.unpacked().slots();
  if (value[-1] == abi::null_ref) return trap(s, TrapCode::null_structure_reference);
  write_field(abi::field_at(abi::as_object(value[-1]), rtt->field_offsets[field]), type, value);
  s.sp = value - 1;
  s.pc = at;
  return nullptr;
}

}  // namespace

void add_structs(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::struct_new, step<struct_new>);
  builder.any(Op::struct_new_default, step<struct_new_default>);
  builder.any(Op::struct_get, step<struct_get<false>>);
  builder.any(Op::struct_get_s, step<struct_get<true>>);
  builder.any(Op::struct_get_u, step<struct_get<false>>);
  builder.any(Op::struct_set, step<struct_set>);
}

}  // namespace cloche::interp
