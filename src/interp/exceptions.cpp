// Exceptions: throwing them, and finding who catches them. Nothing on the usual path knows about handlers; a
// throw looks each frame's place up in its function's table.
#include "interp/decode.hpp"
#include "interp/frames.hpp"

namespace cloche::interp {
namespace {

using abi::ExceptionObject;
using abi::HandlerKind;

const abi::Handler* find_handler(const PreparedCode& code, uint32_t offset, const Instance* instance,
                                 const ExceptionObject* exception) {
  for (size_t i = 0; i < code.handlers.size();) {
    const abi::Handler& handler = code.handlers[i];
    if (offset < handler.begin || offset >= handler.end) {
      ++i;
      continue;
    }
    switch (handler.kind) {
      case HandlerKind::delegate:
        i = handler.delegate_to;
        continue;
      case HandlerKind::catch_all:
      case HandlerKind::catch_all_ref:
        return &handler;
      case HandlerKind::catch_:
      case HandlerKind::catch_ref:
        if (instance->tags[handler.tag] == exception->tag) return &handler;
        break;
    }
    ++i;
  }
  return nullptr;
}

/// Goes on in `handler` of the frame `frame`; `copy` is the start of the body, original or quickened, that it
/// runs.
void enter_handler(State& s, Frame* frame, const abi::Handler& handler, const uint8_t* copy,
                   const ExceptionObject* exception) {
  s.context->frame = frame;
  if (frame->func->instance != s.instance) switch_instance(s, frame->func->instance);
  s.table = static_cast<const Handler*>(frame->dispatch);
  s.locals = frame->locals;
  s.pc = copy + handler.target_pc;
  s.stp = frame->code->side_table.data() + handler.target_stp;
  s.sp = s.locals + handler.height;
  if (handler.kind == HandlerKind::catch_ || handler.kind == HandlerKind::catch_ref)
    for (uint32_t i = 0; i < exception->slot_count; ++i) *s.sp++ = exception->slots[i];
  if (handler.kind == HandlerKind::catch_ref || handler.kind == HandlerKind::catch_all_ref)
    *s.sp++ = abi::to_ref(exception);
  if (handler.exception_slot != ~0u) s.locals[handler.exception_slot] = abi::to_ref(exception);
  s.context->trap.exception = abi::null_ref;
}

Handler unwind(State& s) {
  const auto* exception = reinterpret_cast<const ExceptionObject*>(s.context->trap.exception);
  const uint8_t* pc = s.pc;
  if (s.context->watcher) s.context->watcher->thrown(site_of(s.context, s.pc, s.sp));
  for (Frame* frame = s.context->frame;; --frame) {
    const uint32_t offset = code_offset(*frame->code, pc);
    if (const auto* handler = find_handler(*frame->code, offset, frame->func->instance, exception)) {
      enter_handler(s, frame, *handler, pc - offset, exception);
      if (s.context->watcher) s.context->watcher->caught(site_of(s.context, s.pc, s.sp));
      return nullptr;
    }
    // An entry from the host: the frames stay as they are for the backtrace, and the host gets the exception.
    if (!frame->return_pc) return trap(s, TrapCode::uncaught_exception);
    pc = frame->return_pc - 1;
  }
}

Handler throw_reference(State& s, Ref exception) {
  s.context->trap.exception = exception;
  return raise_exception;
}

Handler throw_(State& s) {
  const uint8_t* at = s.pc + 1;
  abi::Tag* tag = s.instance->tags[read_index(at)];
  s.context->sp = s.sp;
  const ExceptionObject* exception = s.context->calls->exception_new(s.context, tag, s.sp - tag->param_slots);
  if (!exception) return trap(s, TrapCode::out_of_memory);
  return throw_reference(s, abi::to_ref(exception));
}

Handler throw_ref(State& s) {
  if (s.sp[-1] == abi::null_ref) return trap(s, TrapCode::null_exception_reference);
  return throw_reference(s, s.sp[-1]);
}

Handler rethrow(State& s) { return throw_reference(s, s.locals[s.stp->height]); }

}  // namespace

CLOCHE_DEFINE_HANDLER(raise_exception, step, unwind)

void add_exceptions(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::throw_, step<throw_>);
  builder.any(Op::throw_ref, step<throw_ref>);
  builder.any(Op::rethrow, step<rethrow>);
}

}  // namespace cloche::interp
