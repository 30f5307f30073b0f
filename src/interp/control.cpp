// Structured control: blocks, their ends, unreachable, and what legacy and new try blocks do when nothing is
// thrown.
#include "interp/decode.hpp"
#include "interp/frames.hpp"

namespace cloche::interp {
namespace {

/// Moves past a block type: an empty or value type (which may be a reference type of several bytes), or an
/// index.
CLOCHE_INLINE void skip_block_type(const uint8_t*& at) {
  const bool long_reference = *at == 0x63 || *at == 0x64;
  if (long_reference) ++at;
  static_cast<void>(read_sleb(at));
}

Handler unreachable(State& s) { return trap(s, TrapCode::unreachable); }

CLOCHE_INLINE Handler nop(State& s) {
  s.pc += 1;
  return nullptr;
}

/// block, loop, legacy try with a block type of one byte.
CLOCHE_INLINE Handler enter_block(State& s) {
  s.pc += 2;
  return nullptr;
}
Handler enter_block_long(State& s) {
  const uint8_t* at = s.pc + 1;
  skip_block_type(at);
  s.pc = at;
  return nullptr;
}

CLOCHE_INLINE Handler go_on_if(State& s, const uint8_t* after) {
  const bool condition = u32(*--s.sp) != 0;
  // The operands under the condition are already where either side expects them.
  s.pc = condition ? after : after + s.stp->pc_delta;
  s.stp = condition ? s.stp + 1 : s.stp + s.stp->stp_delta;
  return nullptr;
}
CLOCHE_INLINE Handler if_(State& s) { return go_on_if(s, s.pc + 2); }
Handler if_long(State& s) {
  const uint8_t* at = s.pc + 1;
  skip_block_type(at);
  return go_on_if(s, at);
}

/// else, and legacy catch and catch_all, when the body before them falls through.
CLOCHE_INLINE Handler skip_to_end(State& s, const uint8_t* after) {
  s.pc = after + s.stp->pc_delta;
  s.stp += s.stp->stp_delta;
  return nullptr;
}
CLOCHE_INLINE Handler else_(State& s) { return skip_to_end(s, s.pc + 1); }
Handler catch_(State& s) {
  const uint8_t* at = s.pc + 1;
  read_index(at);
  return skip_to_end(s, at);
}
Handler delegate(State& s) {
  const uint8_t* at = s.pc + 1;
  read_index(at);
  s.pc = at;
  return nullptr;
}

CLOCHE_INLINE Handler end(State& s) {
  if (s.pc + 1 == s.context->frame->code->end) return return_from_function(s);
  s.pc += 1;
  return nullptr;
}

CLOCHE_INLINE Handler return_(State& s) { return return_from_function(s); }

Handler try_table(State& s) {
  const uint8_t* at = s.pc + 1;
  skip_block_type(at);
  for (uint32_t count = read_index(at); count > 0; --count) {
    const uint8_t kind = *at++;
    const bool has_tag = kind < 2;
    if (has_tag) read_index(at);
    read_index(at);  // label
  }
  s.pc = at;
  return nullptr;
}

}  // namespace

void add_control(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::unreachable, step<unreachable>);
  builder.any(Op::nop, step<nop>);
  for (const Op op : {Op::block, Op::loop, Op::try_}) {
    builder.any(op, step<enter_block_long>);
    builder.below_80(op, step<enter_block>);
    builder.exact(op, 0x63, step<enter_block_long>);
    builder.exact(op, 0x64, step<enter_block_long>);
  }
  builder.any(Op::if_, step<if_long>);
  builder.below_80(Op::if_, step<if_>);
  builder.exact(Op::if_, 0x63, step<if_long>);
  builder.exact(Op::if_, 0x64, step<if_long>);
  builder.any(Op::else_, step<else_>);
  builder.any(Op::catch_, step<catch_>);
  builder.any(Op::catch_all, step<else_>);
  builder.any(Op::delegate, step<delegate>);
  builder.any(Op::end, step<end>);
  builder.any(Op::return_, step<return_>);
  builder.any(Op::try_table, step<try_table>);
}

}  // namespace cloche::interp
