// Calls of every kind, and what their fast path leaves to others: host functions, other instances, first
// calls.
#include "interp/decode.hpp"
#include "interp/frames.hpp"
#include "interp/warmth.hpp"

namespace cloche::interp {
namespace {

CLOCHE_INLINE Handler call(State& s) { return call_function(s, s.instance->funcs[s.pc[1]], s.pc + 2, s.stp); }
Handler call_long(State& s) {
  const uint8_t* at = s.pc + 1;
  const uint32_t func = read_index(at);
  return call_function(s, s.instance->funcs[func], at, s.stp);
}

Handler return_call_to(State& s, FuncObject* callee) {
  s.context->callee = callee;
  return tail_call;
}

Handler return_call(State& s) {
  const uint8_t* at = s.pc + 1;
  return return_call_to(s, s.instance->funcs[read_index(at)]);
}

Handler call_indirect_long(State& s) {
  const uint8_t* at = s.pc + 1;
  const uint32_t type = read_index(at);
  const uint32_t table = read_index(at);
  return call_found(s, type, table, at);
}
CLOCHE_INLINE Handler call_indirect(State& s) {
  if (s.pc[2] != 0) [[unlikely]]
    return step_clobbering<call_indirect_long>;
  return call_found(s, s.pc[1], 0, s.pc + 3);
}

Handler return_call_indirect(State& s) {
  const uint8_t* at = s.pc + 1;
  const uint32_t type = read_index(at);
  const Lookup found = look_up(s, type, read_index(at));
  if (!found.func) return trap(s, found.trap);
  --s.sp;
  return return_call_to(s, found.func);
}

Handler call_ref(State& s) {
  const uint8_t* at = s.pc + 1;
  read_index(at);
  if (s.sp[-1] == abi::null_ref) return trap(s, TrapCode::null_function_reference);
  auto* func = reinterpret_cast<FuncObject*>(*--s.sp);
  return call_function(s, func, at, s.stp);
}

Handler return_call_ref(State& s) {
  if (s.sp[-1] == abi::null_ref) return trap(s, TrapCode::null_function_reference);
  return return_call_to(s, reinterpret_cast<FuncObject*>(*--s.sp));
}

/// Runs a host function on the arguments on top of the stack, which its results replace. Its frame record
/// shows it in backtraces and says where its caller goes on.
Handler call_host(State& s, FuncObject* callee, const uint8_t* return_pc, const BranchEntry* return_stp) {
  Context* context = s.context;
  Slot* args = s.sp - callee->param_slots;
  const uint32_t slots =
      callee->param_slots > callee->result_slots ? callee->param_slots : callee->result_slots;
  if (context->stack_limit - args < static_cast<ptrdiff_t>(slots) ||
      context->frame + 1 >= context->frames_limit)
    return trap(s, TrapCode::call_stack_exhausted);
  *++context->frame = {callee, nullptr, args, return_pc, return_stp, nullptr};
  context->sp = args + slots;
  context->trap.code = TrapCode::none;
  const TrapCode code = callee->host(callee->host_data, context, args);
  if (code == TrapCode::uncaught_exception && context->trap.exception != abi::null_ref) {
    --context->frame;
    return raise_exception;
  }
  if (code != TrapCode::none) {
    // A trap that came from wasm below the host function has its backtrace already.
    if (context->trap.code == code && !context->trap.backtrace.empty()) return halt;
    return trap(s, code);
  }
  --context->frame;
  s.sp = args + callee->result_slots;
  return nullptr;
}

/// Looks at the interrupt flag and starts a new count.
bool poll_interrupt(Context* context) {
  context->tick = tick_interval;
  return context->interrupt.exchange(false, std::memory_order_relaxed);
}

Handler call_any(State& s) {
  Context* context = s.context;
  s.locals = context->frame->locals;
  s.table = static_cast<const Handler*>(context->frame->dispatch);
  FuncObject* callee = context->callee;
  if (context->tick == 0) {
    if (poll_interrupt(context)) return trap(s, TrapCode::interrupted);
    warm_up(context, callee);
  }
  const uint8_t* return_pc = context->callee_return_pc;
  const BranchEntry* return_stp = context->callee_return_stp;
  if (callee->kind == abi::FuncKind::host) {
    const Handler failed = call_host(s, callee, return_pc, return_stp);
    if (failed) return failed;
    s.pc = return_pc;
    s.table =
        static_cast<const Handler*>(context->frame->dispatch);  // probes may have come or gone meanwhile
    return nullptr;
  }
  const PreparedCode* code = prepare(context, *callee->code);
  if (!code) return trap(s, TrapCode::out_of_memory);
  Slot* locals = s.sp - code->param_slots;
  if (!has_room(context, locals, code)) return trap(s, TrapCode::call_stack_exhausted);
  if (callee->instance != s.instance) switch_instance(s, callee->instance);
  push_frame(s, callee, code, locals, return_pc, return_stp);
  return nullptr;
}

/// The exception of a tail-called function passes by the handlers of the activation that it has replaced.
void leave_before_throw(State& s) {
  const Frame* frame = s.context->frame;
  if (frame->return_pc) {
    s.pc = frame->return_pc - 1;
    --s.context->frame;
  } else {
    s.pc = frame->code->end;
  }
}

/// The new activation takes the place of the current one: parameters move down to its locals, and it returns
/// to the same place.
Handler tail_call_any(State& s) {
  Context* context = s.context;
  FuncObject* callee = context->callee;
  if (--context->tick == 0) {
    if (poll_interrupt(context)) return trap(s, TrapCode::interrupted);
    warm_up(context, callee);
  }
  if (callee->kind == abi::FuncKind::host) {
    const Handler failed = call_host(s, callee, s.pc + 1, s.stp);
    if (failed == raise_exception) leave_before_throw(s);
    return failed ? failed : return_from_function(s);
  }
  const PreparedCode* code = prepare(context, *callee->code);
  if (!code) return trap(s, TrapCode::out_of_memory);
  if (!has_room(context, s.locals, code)) return trap(s, TrapCode::call_stack_exhausted);
  move_slots_down(s.locals, s.sp - code->param_slots, code->param_slots);
  s.sp = s.locals + code->param_slots;
  if (callee->instance != s.instance) switch_instance(s, callee->instance);
  const Frame replaced = *context->frame--;
  push_frame(s, callee, code, s.locals, replaced.return_pc, replaced.return_stp);
  return nullptr;
}

Handler return_any(State& s) {
  Frame* frame = s.context->frame;
  const uint32_t results = frame->code->result_slots;
  move_slots_down(s.locals, s.sp - results, results);
  return leave_frame(s, frame, results);
}

Handler back_edge_any(State& s) {
  if (poll_interrupt(s.context)) return trap(s, TrapCode::interrupted);
  const Frame* frame = s.context->frame;
  const uint32_t offset = code_offset(*frame->code, s.pc);
  warm_up(s.context, frame->func);
  // A loop's first instruction begins no sequence that began before it, so both copies agree here.
  if (const uint8_t* quickened = frame->code->quickened.load(std::memory_order_acquire))
    s.pc = quickened + offset;
  return nullptr;
}

Handler enter_instance_any(State& s) {
  const Frame* frame = s.context->frame;
  switch_instance(s, frame->func->instance);
  s.table = static_cast<const Handler*>(frame->dispatch);
  return nullptr;
}

}  // namespace

CLOCHE_DEFINE_HANDLER(call_slow, step, call_any)
CLOCHE_DEFINE_HANDLER(tail_call, step, tail_call_any)
CLOCHE_DEFINE_HANDLER(return_several, step, return_any)
CLOCHE_DEFINE_HANDLER(back_edge, step, back_edge_any)
CLOCHE_DEFINE_HANDLER(enter_instance, step, enter_instance_any)

void add_calls(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::call, step_clobbering<call_long>);
  builder.below_80(Op::call, step_clobbering<call>);
  builder.any(Op::call_indirect, step_clobbering<call_indirect_long>);
  builder.below_80(Op::call_indirect, step_clobbering<call_indirect>);
  builder.any(Op::call_ref, step_clobbering<call_ref>);
  builder.any(Op::return_call, step<return_call>);
  builder.any(Op::return_call_indirect, step<return_call_indirect>);
  builder.any(Op::return_call_ref, step<return_call_ref>);
}

}  // namespace cloche::interp
