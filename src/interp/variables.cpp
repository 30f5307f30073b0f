// Locals, globals, drop and select.
#include "interp/decode.hpp"
#include "interp/slots.hpp"
#include "interp/table.hpp"

namespace cloche::interp {
namespace {

CLOCHE_INLINE Handler local_get(State& s) {
  *s.sp++ = s.locals[s.pc[1]];
  s.pc += 2;
  return nullptr;
}
CLOCHE_INLINE Handler local_set(State& s) {
  s.locals[s.pc[1]] = *--s.sp;
  s.pc += 2;
  return nullptr;
}
CLOCHE_INLINE Handler local_tee(State& s) {
  s.locals[s.pc[1]] = s.sp[-1];
  s.pc += 2;
  return nullptr;
}

Handler local_get_long(State& s) {
  const uint8_t* at = s.pc + 1;
  *s.sp++ = s.locals[read_index(at)];
  s.pc = at;
  return nullptr;
}
Handler local_set_long(State& s) {
  const uint8_t* at = s.pc + 1;
  s.locals[read_index(at)] = *--s.sp;
  s.pc = at;
  return nullptr;
}
Handler local_tee_long(State& s) {
  const uint8_t* at = s.pc + 1;
  s.locals[read_index(at)] = s.sp[-1];
  s.pc = at;
  return nullptr;
}

// In functions that hold a v128, slot and width come from the side table.

CLOCHE_INLINE void copy_value(Slot* to, const Slot* from, uint32_t width) {
  if (width == 2)
    write_slot(to, read_slot<V128>(from));
  else
    *to = *from;
}

Handler typed_local_get(State& s) {
  const BranchEntry* entry = s.stp++;
  copy_value(s.sp, s.locals + entry->height, entry->keep);
  s.sp += entry->keep;
  const uint8_t* at = s.pc + 1;
  read_index(at);
  s.pc = at;
  return nullptr;
}
Handler typed_local_set(State& s) {
  const BranchEntry* entry = s.stp++;
  s.sp -= entry->keep;
  copy_value(s.locals + entry->height, s.sp, entry->keep);
  const uint8_t* at = s.pc + 1;
  read_index(at);
  s.pc = at;
  return nullptr;
}
Handler typed_local_tee(State& s) {
  const BranchEntry* entry = s.stp++;
  copy_value(s.locals + entry->height, s.sp - entry->keep, entry->keep);
  const uint8_t* at = s.pc + 1;
  read_index(at);
  s.pc = at;
  return nullptr;
}

CLOCHE_INLINE Handler drop(State& s) {
  --s.sp;
  s.pc += 1;
  return nullptr;
}
Handler typed_drop(State& s) {
  s.sp -= (s.stp++)->keep;
  s.pc += 1;
  return nullptr;
}

CLOCHE_INLINE void select_slot(State& s) {
  s.sp -= 2;
  s.sp[-1] = u32(s.sp[1]) != 0 ? s.sp[-1] : s.sp[0];
}
CLOCHE_INLINE Handler select(State& s) {
  select_slot(s);
  s.pc += 1;
  return nullptr;
}
const uint8_t* after_select_types(const uint8_t* pc) {
  const uint8_t* at = pc + 1;
  for (uint32_t count = read_index(at); count > 0; --count) {
    if (*at == 0x63 || *at == 0x64) ++at;
    static_cast<void>(read_sleb(at));
  }
  return at;
}
Handler select_t(State& s) {
  select_slot(s);
  s.pc = after_select_types(s.pc);
  return nullptr;
}
void typed_select_value(State& s) {
  const uint32_t width = (s.stp++)->keep;
  const bool first = u32(*--s.sp) != 0;
  s.sp -= width;
  if (!first) copy_value(s.sp - width, s.sp, width);
}
Handler typed_select(State& s) {
  typed_select_value(s);
  s.pc += 1;
  return nullptr;
}
Handler typed_select_t(State& s) {
  typed_select_value(s);
  s.pc = after_select_types(s.pc);
  return nullptr;
}

CLOCHE_INLINE void push_global(State& s, const abi::Global* global) {
  *s.sp++ = global->value[0];
  if (global->type.is_vec()) [[unlikely]]
    *s.sp++ = global->value[1];
}
CLOCHE_INLINE void pop_global(State& s, abi::Global* global) {
  if (global->type.is_vec()) [[unlikely]]
    global->value[1] = *--s.sp;
  global->value[0] = *--s.sp;
}
CLOCHE_INLINE Handler global_get(State& s) {
  push_global(s, s.instance->globals[s.pc[1]]);
  s.pc += 2;
  return nullptr;
}
CLOCHE_INLINE Handler global_set(State& s) {
  pop_global(s, s.instance->globals[s.pc[1]]);
  s.pc += 2;
  return nullptr;
}
Handler global_get_long(State& s) {
  const uint8_t* at = s.pc + 1;
  push_global(s, s.instance->globals[read_index(at)]);
  s.pc = at;
  return nullptr;
}
Handler global_set_long(State& s) {
  const uint8_t* at = s.pc + 1;
  pop_global(s, s.instance->globals[read_index(at)]);
  s.pc = at;
  return nullptr;
}

}  // namespace

void add_variables(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::global_get, step<global_get_long>);
  builder.any(Op::global_set, step<global_set_long>);
  builder.below_80(Op::global_get, step<global_get>);
  builder.below_80(Op::global_set, step<global_set>);
  if (builder.variant().typed_slots) {
    builder.any(Op::local_get, step<typed_local_get>);
    builder.any(Op::local_set, step<typed_local_set>);
    builder.any(Op::local_tee, step<typed_local_tee>);
    builder.any(Op::drop, step<typed_drop>);
    builder.any(Op::select, step<typed_select>);
    builder.any(Op::select_t, step<typed_select_t>);
    return;
  }
  builder.any(Op::local_get, step<local_get_long>);
  builder.any(Op::local_set, step<local_set_long>);
  builder.any(Op::local_tee, step<local_tee_long>);
  builder.below_80(Op::local_get, step<local_get>);
  builder.below_80(Op::local_set, step<local_set>);
  builder.below_80(Op::local_tee, step<local_tee>);
  builder.any(Op::drop, step<drop>);
  builder.any(Op::select, step<select>);
  builder.any(Op::select_t, step<select_t>);
}

}  // namespace cloche::interp
