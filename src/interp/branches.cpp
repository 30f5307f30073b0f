// Branches: br, br_if, br_table, and those that test a reference.
#include "interp/casts.hpp"
#include "interp/decode.hpp"
#include "interp/frames.hpp"

namespace cloche::interp {
namespace {

CLOCHE_INLINE Handler fall_through(State& s, const uint8_t* after) {
  s.stp += 1;
  s.pc = after;
  return nullptr;
}

CLOCHE_INLINE Handler br(State& s) { return take_branch(s, s.pc + 2); }
Handler br_long(State& s) {
  const uint8_t* at = s.pc + 1;
  read_index(at);
  return take_branch(s, at);
}

CLOCHE_INLINE Handler branch_if(State& s, const uint8_t* after) {
  if (u32(*--s.sp) != 0) return take_branch(s, after);
  return fall_through(s, after);
}
CLOCHE_INLINE Handler br_if(State& s) { return branch_if(s, s.pc + 2); }
Handler br_if_long(State& s) {
  const uint8_t* at = s.pc + 1;
  read_index(at);
  return branch_if(s, at);
}

/// Its entries' offsets are relative to its own first byte.
CLOCHE_INLINE Handler br_table(State& s) {
  const uint8_t* at = s.pc + 1;
  const uint32_t count = read_index(at);
  const uint32_t index = u32(*--s.sp);
  s.stp += index < count ? index : count;
  return take_branch(s, s.pc);
}

Handler br_on_null(State& s) {
  const uint8_t* at = s.pc + 1;
  read_index(at);
  if (s.sp[-1] != abi::null_ref) return fall_through(s, at);
  --s.sp;
  return take_branch(s, at);
}

Handler br_on_non_null(State& s) {
  const uint8_t* at = s.pc + 1;
  read_index(at);
  if (s.sp[-1] != abi::null_ref) return take_branch(s, at);
  --s.sp;
  return fall_through(s, at);
}

/// br_on_cast and, with OnFail, br_on_cast_fail: flags, label, source type, target type.
template <bool OnFail>
Handler br_on_cast(State& s) {
  const uint8_t* at = s.pc + 2;
  const bool target_nullable = (*at++ & 2) != 0;
  read_index(at);
  read_sleb(at);
  const bool matches = ref_is(s, s.sp[-1], target_nullable, read_sleb(at));
  return matches != OnFail ? take_branch(s, at) : fall_through(s, at);
}

Handler branch_any(State& s) {
  const BranchEntry* entry = s.stp;
  Slot* to = s.locals + entry->height;
  move_slots_down(to, s.sp - entry->keep, entry->keep);
  s.sp = to + entry->keep;
  s.pc += entry->pc_delta;
  s.stp = entry + entry->stp_delta;
  if (entry->pc_delta < 0 && --s.context->tick == 0) return back_edge;
  return nullptr;
}

}  // namespace

CLOCHE_DEFINE_HANDLER(branch_slow, step, branch_any)

void add_branches(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::br, step<br_long>);
  builder.below_80(Op::br, step<br>);
  builder.any(Op::br_if, step<br_if_long>);
  builder.below_80(Op::br_if, step<br_if>);
  builder.any(Op::br_table, step<br_table>);
  builder.any(Op::br_on_null, step<br_on_null>);
  builder.any(Op::br_on_non_null, step<br_on_non_null>);
  builder.any(Op::br_on_cast, step<br_on_cast<false>>);
  builder.any(Op::br_on_cast_fail, step<br_on_cast<true>>);
}

}  // namespace cloche::interp
