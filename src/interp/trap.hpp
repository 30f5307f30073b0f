// Leaving the usual path: traps with their backtraces, exceptions with their handlers.
#pragma once

#include "interp/state.hpp"

namespace cloche::interp {

/// Ends the run with the trap in context->trap.code, raised by the instruction at s.pc.
CLOCHE_DECLARE_HANDLER(raise_trap);
/// Throws the exception in context->trap.exception from the instruction at s.pc.
CLOCHE_DECLARE_HANDLER(raise_exception);
/// Ends the run as it stands.
CLOCHE_DECLARE_HANDLER(halt);

/// `return trap(s, TrapCode::unreachable);` with s.pc somewhere in the trapping instruction.
CLOCHE_INLINE Handler trap(State& s, TrapCode code) {
  s.context->trap.code = code;
  return raise_trap;
}

/// Continues after a runtime call that may have failed: null for none.
CLOCHE_INLINE Handler trap_if(State& s, TrapCode code) {
  if (code == TrapCode::none) [[likely]]
    return nullptr;
  return trap(s, code);
}

/// Ends an operation on whole ranges: pops its three operands and goes on at `after`, unless it trapped.
CLOCHE_INLINE Handler finish_bulk(State& s, TrapCode code, const uint8_t* after) {
  if (code != TrapCode::none) [[unlikely]]
    return trap(s, code);
  s.sp -= 3;
  s.pc = after;
  return nullptr;
}

/// Fills context->trap.backtrace from the frames, the innermost being at `pc` (null when it is a host
/// function's).
void fill_backtrace(Context* context, const uint8_t* pc);

/// Offset from `code.begin` of the instruction that contains `pc`, which lies in the body or in its quickened
/// copy.
uint32_t instruction_offset(const PreparedCode& code, const uint8_t* pc);

/// The place of `pc`, which may lie in the quickened copy, as those who look on see it.
abi::Site site_of(Context* context, const uint8_t* pc, Slot* sp);

/// Offset of pc itself from the start of the copy it lies in.
CLOCHE_INLINE uint32_t code_offset(const PreparedCode& code, const uint8_t* pc) {
  const auto offset = reinterpret_cast<uintptr_t>(pc) - reinterpret_cast<uintptr_t>(code.begin);
  if (offset <= static_cast<uintptr_t>(code.end - code.begin)) return static_cast<uint32_t>(offset);
  return static_cast<uint32_t>(pc - code.quickened.load(std::memory_order_relaxed));
}

}  // namespace cloche::interp
