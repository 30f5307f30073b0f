// Entering and leaving functions, taking branches: what calls, returns, branches and handlers of exceptions
// share.
#pragma once

#include "interp/prepare.hpp"
#include "interp/slots.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {

/// Calls context->callee; the caller goes on at callee_return_pc. Everything the fast path does not handle.
CLOCHE_DECLARE_HANDLER(call_slow);
/// Replaces the current activation by a call of context->callee.
CLOCHE_DECLARE_HANDLER(tail_call);
/// Takes the branch at s.stp, s.pc being what its offset is relative to; carries any number of slots.
CLOCHE_DECLARE_HANDLER(branch_slow);
/// After a loop's back-edge was taken and the tick ran out: interrupts, quickening.
CLOCHE_DECLARE_HANDLER(back_edge);
/// Leaves the current activation with any number of results.
CLOCHE_DECLARE_HANDLER(return_several);
/// Goes on in the frame context->frame, whose instance is another one.
CLOCHE_DECLARE_HANDLER(enter_instance);

/// Calls and back-edges between two looks at the interrupt flag, in code that is not quickened.
inline constexpr uint32_t tick_interval = 128;

/// Branches of up to one carried slot inline: the slot is copied whether it counts or not.
CLOCHE_INLINE Handler take_branch(State& s, const uint8_t* base) {
  const BranchEntry* entry = s.stp;
  const uint32_t keep = entry->keep;
  if (keep > 1) [[unlikely]] {
    s.pc = base;
    return branch_slow;
  }
  Slot* to = s.locals + entry->height;
  *to = s.sp[-1];
  s.sp = to + keep;
  s.pc = base + entry->pc_delta;
  s.stp = entry + entry->stp_delta;
  if (entry->pc_delta < 0 && --s.context->tick == 0) [[unlikely]]
    return back_edge;
  return nullptr;
}

CLOCHE_INLINE void zero_slots(Slot* from, Slot* end) {
  for (; from < end; ++from) {
    *from = 0;
    asm volatile(""
                 :
                 :
                 : "memory");  // keeps it a loop: a call of memset would cost every caller its registers
  }
}

/// True when a frame of `code` at `locals` and one more frame record fit.
CLOCHE_INLINE bool has_room(const Context* context, const Slot* locals, const PreparedCode* code) {
  const auto end = reinterpret_cast<uintptr_t>(locals) + uintptr_t{code->max_slots} * sizeof(Slot);
  return end <= reinterpret_cast<uintptr_t>(context->stack_limit) &&
         context->frame + 1 < context->frames_limit;
}

/// Starts `callee`, whose parameters are on top of the stack, in a new frame. Instance and memory are set
/// already.
CLOCHE_INLINE void push_frame(State& s, FuncObject* callee, const PreparedCode* code, Slot* locals,
                              const uint8_t* return_pc, const BranchEntry* return_stp) {
  Frame* frame = ++s.context->frame;
  frame->func = callee;
  frame->code = code;
  frame->locals = locals;
  frame->return_pc = return_pc;
  frame->return_stp = return_stp;
  s.table = static_cast<const Handler*>(s.instance->dispatch[code->typed_slots]);
  frame->dispatch = s.table;
  Slot* top = locals + code->local_slots;
  zero_slots(s.sp, top);
  s.locals = locals;
  s.sp = top;
  s.stp = code->side_table.data();
  s.pc = code->entry.load(std::memory_order_acquire);  // the copy may be new, and of another thread
}

/// Calls a function of the same instance that is ready to run; everything else goes to call_slow. s.pc stays
/// at the call until the frame is made.
CLOCHE_INLINE Handler call_function(State& s, FuncObject* callee, const uint8_t* return_pc,
                                    const BranchEntry* return_stp) {
  Context* context = s.context;
  const PreparedCode* code = nullptr;
  if (callee->instance == s.instance) [[likely]]
    code = callee->code->prepared.load(std::memory_order_acquire);
  if (!code || !has_room(context, s.sp - code->param_slots, code) || --context->tick == 0) [[unlikely]] {
    context->callee = callee;
    context->callee_return_pc = return_pc;
    context->callee_return_stp = return_stp;
    // The frame has both; so they need not survive the tests above.
    s.locals = nullptr;
    s.table = nullptr;
    return call_slow;
  }
  push_frame(s, callee, code, s.sp - code->param_slots, return_pc, return_stp);
  return nullptr;
}

struct Lookup {
  FuncObject* func;
  TrapCode trap;
};

/// The function that call_indirect means: the table's element, of the expected type.
CLOCHE_INLINE Lookup look_up(const State& s, uint32_t type, uint32_t table_index) {
  const abi::Table* table = s.instance->tables[table_index];
  const uint64_t index = table->is_64 ? s.sp[-1] : u32(s.sp[-1]);
  if (index >= table->size) [[unlikely]]
    return {nullptr, TrapCode::undefined_element};
  auto* func = reinterpret_cast<FuncObject*>(table->elems[index]);
  if (!func) [[unlikely]]
    return {nullptr, TrapCode::uninitialized_element};
  if (func->canonical_type != s.instance->canonical_types[type] &&
      !abi::is_subtype(func->rtt, s.instance->rtts[type])) [[unlikely]]
    return {nullptr, TrapCode::indirect_call_type_mismatch};
  return {func, TrapCode::none};
}

/// call_indirect, of a type and a table.
CLOCHE_INLINE Handler call_found(State& s, uint32_t type, uint32_t table, const uint8_t* after) {
  const Lookup found = look_up(s, type, table);
  if (!found.func) [[unlikely]]
    return trap(s, found.trap);
  --s.sp;
  return call_function(s, found.func, after, s.stp);
}

/// The rest of leaving an activation whose results are in their places.
CLOCHE_INLINE Handler leave_frame(State& s, Frame* frame, uint32_t results) {
  s.sp = s.locals + results;
  if (!frame->return_pc) [[unlikely]]
    return halt;
  s.pc = frame->return_pc;
  s.stp = frame->return_stp;
  const Frame* caller = frame - 1;
  s.context->frame = frame - 1;
  s.locals = caller->locals;
  s.table = static_cast<const Handler*>(caller->dispatch);
  if (caller->func->instance != s.instance) [[unlikely]]
    return enter_instance;
  return nullptr;
}

/// Leaves the current activation with its results, which are on top of the stack. One is moved whether it
/// counts or not.
CLOCHE_INLINE Handler return_from_function(State& s) {
  Frame* frame = s.context->frame;
  const uint32_t results = frame->code->result_slots;
  if (results > 1) [[unlikely]]
    return return_several;
  *s.locals = s.sp[-1];
  return leave_frame(s, frame, results);
}

/// Makes `instance` the current one.
inline void switch_instance(State& s, Instance* instance) {
  s.instance = instance;
  ensure_dispatch(s.context, instance);
  s.mem = instance->module && !instance->module->mems.empty() ? instance->mems[0]->base : nullptr;
}

}  // namespace cloche::interp
