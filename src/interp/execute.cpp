// The door into the interpreter: from the host's call to the first instruction and back.
#include "interp/execute.hpp"

#include <cstring>

#include "interp/frames.hpp"

namespace cloche::interp {
namespace {

/// Puts frames and stack pointer back when a call from the host ends, however it ends.
class Entry {
 public:
  explicit Entry(Context* context) : context_(context), frame_(context->frame), sp_(context->sp) {
    ++context_->native_depth;
    context_->trap.code = TrapCode::none;
    context_->trap.backtrace.clear();
    context_->trap.detail.clear();
  }
  ~Entry() {
    context_->frame = frame_;
    context_->sp = sp_;
    --context_->native_depth;
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

 private:
  Context* context_;
  Frame* frame_;
  Slot* sp_;
};

TrapCode fail(Context* context, TrapCode code) {
  context->trap.code = code;
  fill_backtrace(context, nullptr);
  if (context->watcher) context->watcher->trapped(context, nullptr);
  return code;
}

TrapCode call_host_function(Context* context, FuncObject* func, Slot* base) {
  *++context->frame = {func, nullptr, base, nullptr, nullptr, nullptr};
  const TrapCode code = func->host(func->host_data, context, base);
  if (code != TrapCode::none && (context->trap.code != code || context->trap.backtrace.empty()))
    return fail(context, code);
  return code;
}

TrapCode call_wasm_function(Context* context, FuncObject* func, Slot* base) {
  const PreparedCode* code = prepare(context, *func->code);
  if (!code) return fail(context, TrapCode::out_of_memory);
  if (!has_room(context, base, code)) return fail(context, TrapCode::call_stack_exhausted);
  State s{};
  s.context = context;
  s.sp = base + code->param_slots;
  switch_instance(s, func->instance);
  push_frame(s, func, code, base, nullptr, nullptr);
  if (context->watcher) {
    context->watcher->entered(context);
    s.table = static_cast<const Handler*>(context->frame->dispatch);
  }
  run_handlers(s);
  if (context->watcher) context->watcher->left(context);
  return context->trap.code;
}

}  // namespace

TrapCode call(Context* context, FuncObject* func, Slot* args) {
  Entry entry(context);
  // One slot stays free below the parameters: branches and returns read the slot under the top even if they
  // carry nothing.
  Slot* base = context->sp + 1;
  const uint32_t slots = func->param_slots > func->result_slots ? func->param_slots : func->result_slots;
  if (context->native_depth > context->native_depth_limit || context->frame + 1 >= context->frames_limit ||
      context->stack_limit - base < static_cast<ptrdiff_t>(slots))
    return fail(context, TrapCode::call_stack_exhausted);
  if (func->param_slots > 0) std::memcpy(base, args, func->param_slots * sizeof(Slot));
  context->sp = base + slots;
  const TrapCode code = func->kind == abi::FuncKind::host ? call_host_function(context, func, base)
                                                          : call_wasm_function(context, func, base);
  if (code == TrapCode::none && func->result_slots > 0)
    std::memcpy(args, base, func->result_slots * sizeof(Slot));
  return code;
}

}  // namespace cloche::interp
