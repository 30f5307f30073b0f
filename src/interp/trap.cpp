// Backtraces, and how a run ends.
#include "interp/trap.hpp"

#include "interp/instruction.hpp"

namespace cloche::interp {
namespace {

/// Frames kept at either end of a long backtrace.
constexpr size_t backtrace_half = 64;

Handler raise(State& s) {
  fill_backtrace(s.context, s.pc);
  if (s.context->watcher) {
    const abi::Site site = site_of(s.context, s.pc, s.sp);
    s.context->watcher->trapped(s.context, &site);
  }
  return nullptr;
}

Handler nothing(State&) { return nullptr; }

}  // namespace

CLOCHE_DEFINE_HANDLER(raise_trap, stop, raise)
CLOCHE_DEFINE_HANDLER(halt, stop, nothing)

abi::Site site_of(Context* context, const uint8_t* pc, Slot* sp) {
  Frame* frame = context->frame;
  // A host function that fails has a frame of its own; the instruction is its caller's.
  if (!frame->code) {
    pc = frame->return_pc - 1;
    --frame;
  }
  const uint32_t offset = instruction_offset(*frame->code, pc);
  return {context, frame, frame->func->instance, frame->code->begin + offset, offset, frame->locals, sp};
}

uint32_t instruction_offset(const PreparedCode& code, const uint8_t* pc) {
  const uint32_t offset = code_offset(code, pc);
  const uint8_t* at = code.begin;
  for (;;) {
    const uint8_t* next = skip_instruction(at);
    if (static_cast<uint32_t>(next - code.begin) > offset || next >= code.end)
      return static_cast<uint32_t>(at - code.begin);
    at = next;
  }
}

void fill_backtrace(Context* context, const uint8_t* pc) {
  abi::TrapState& trap = context->trap;
  trap.backtrace.clear();
  trap.frames_omitted = 0;
  const auto depth = static_cast<size_t>(context->frame - context->frames_base + 1);
  for (size_t i = 0; i < depth; ++i) {
    const Frame& frame = context->frames_base[depth - 1 - i];
    if (i < backtrace_half || depth - i <= backtrace_half) {
      uint32_t offset = 0;
      if (frame.code && pc) offset = frame.code->module_offset + instruction_offset(*frame.code, pc);
      trap.backtrace.push_back({frame.func, offset});
    } else {
      ++trap.frames_omitted;
    }
    // Inside the calling instruction, which ends where the caller goes on.
    pc = frame.return_pc ? frame.return_pc - 1 : nullptr;
  }
}

}  // namespace cloche::interp
