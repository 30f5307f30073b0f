// The interpreter's machine state and how control passes from one instruction to the next.
//
// An instruction is a body: `Handler body(State&)`, which does its work on the state, pc included, and
// returns null to go on, or the slow path to go to. `step<body>` makes a handler of it. With tail dispatch
// (clang) the state's members travel in registers and a handler ends in a jump to the next one; with portable
// dispatch a loop calls handler after handler. Bodies are the same for both.
//
// Dispatch looks at the 16-bit word at pc: low byte the opcode, high byte whatever follows it. So an opcode
// has one handler for each value of its first immediate byte where that pays, and prefixed opcodes need no
// second dispatch.
#pragma once

#include <cstdint>
#include <cstring>

#include "abi/context.hpp"

#if defined(CLOCHE_PORTABLE_DISPATCH) && CLOCHE_PORTABLE_DISPATCH
#define CLOCHE_TAIL_DISPATCH 0
#elif defined(__clang__) && defined(__has_attribute)
#if __has_attribute(preserve_none) && __has_attribute(musttail) && \
    (defined(__x86_64__) || defined(__aarch64__))
#define CLOCHE_TAIL_DISPATCH 1
#else
#define CLOCHE_TAIL_DISPATCH 0
#endif
#else
#define CLOCHE_TAIL_DISPATCH 0
#endif

/// Bodies and their helpers vanish into handlers, also in debug builds.
#define CLOCHE_INLINE [[gnu::always_inline]] inline

namespace cloche::interp {

using abi::BranchEntry;
using abi::Context;
using abi::Frame;
using abi::FuncObject;
using abi::Instance;
using abi::PreparedCode;
using abi::Ref;
using abi::Slot;
using wasm::TrapCode;

struct State;

#if CLOCHE_TAIL_DISPATCH
// preserve_none gives the arguments r12-r15, rdi, rsi, rdx, rcx, r8, r9 in this order. The two spare ones
// keep the context and the table out of rdx and rcx, which divisions and shifts need.
#define CLOCHE_STATE_PARAMETERS                                                               \
  const uint8_t *pc, ::cloche::abi::Slot *sp, ::cloche::abi::Slot *locals,                    \
      const ::cloche::abi::BranchEntry *stp, uint8_t *mem, ::cloche::abi::Instance *instance, \
      uint64_t spare1, uint64_t spare2, ::cloche::abi::Context *context, const void *table
#define CLOCHE_HANDLER __attribute__((preserve_none))
using Handler = void(CLOCHE_HANDLER*)(CLOCHE_STATE_PARAMETERS);
#else
#define CLOCHE_STATE_PARAMETERS ::cloche::interp::State& state
#define CLOCHE_HANDLER
using Handler = void (*)(CLOCHE_STATE_PARAMETERS);
#endif

struct State {
  const uint8_t* pc;
  Slot* sp;  // one past the top of the operand stack
  Slot* locals;
  const BranchEntry* stp;  // the next entry of the side table
  uint8_t* mem;            // base of the instance's memory 0
  Instance* instance;
  Context* context;
  const Handler* table;  // null ends the portable loop
};

/// What a body is; see above.
using Body = Handler (*)(State&);

inline constexpr size_t dispatch_entries = 65536;

CLOCHE_INLINE uint16_t dispatch_word(const uint8_t* pc) {
  uint16_t word;
  std::memcpy(&word, pc, sizeof word);
  return word;
}

#if CLOCHE_TAIL_DISPATCH

// nomerge: hot and cold exits must stay apart, or the hot one gets a jump and a phi.
#define CLOCHE_JUMP(target, s)                                                                      \
  [[clang::nomerge, clang::musttail]] return (target)((s).pc, (s).sp, (s).locals, (s).stp, (s).mem, \
                                                      (s).instance, spare1, spare2, (s).context, (s).table)

template <Body B>
[[gnu::noinline]] CLOCHE_HANDLER void step(CLOCHE_STATE_PARAMETERS) {
  State s{pc, sp, locals, stp, mem, instance, context, static_cast<const Handler*>(table)};
  if (Handler slow = B(s)) [[unlikely]]
    CLOCHE_JUMP(slow, s);
  CLOCHE_JUMP(s.table[dispatch_word(s.pc)], s);
}

/// For bodies that need rcx and rdx: leaves the spare registers to them.
template <Body B>
[[gnu::noinline]] CLOCHE_HANDLER void step_clobbering(CLOCHE_STATE_PARAMETERS) {
  State s{pc, sp, locals, stp, mem, instance, context, static_cast<const Handler*>(table)};
  spare1 = spare2 = 0;
  if (Handler slow = B(s)) [[unlikely]]
    CLOCHE_JUMP(slow, s);
  CLOCHE_JUMP(s.table[dispatch_word(s.pc)], s);
}

/// A handler that ends the run.
template <Body B>
[[gnu::noinline]] CLOCHE_HANDLER void stop(CLOCHE_STATE_PARAMETERS) {
  static_cast<void>(spare1), static_cast<void>(spare2);
  State s{pc, sp, locals, stp, mem, instance, context, static_cast<const Handler*>(table)};
  B(s);
}

/// Executes until a handler made by `stop`.
inline void run_handlers(State& s) {
  s.table[dispatch_word(s.pc)](s.pc, s.sp, s.locals, s.stp, s.mem, s.instance, 0, 0, s.context, s.table);
}

#else

template <Body B>
void step(State& state) {
  if (Handler slow = B(state)) [[unlikely]]
    slow(state);
}

template <Body B>
void step_clobbering(State& state) {
  if (Handler slow = B(state)) [[unlikely]]
    slow(state);
}

template <Body B>
void stop(State& state) {
  B(state);
  state.table = nullptr;
}

inline void run_handlers(State& s) {
  while (s.table) s.table[dispatch_word(s.pc)](s);
}

#endif

/// Declares a handler that several files name; CLOCHE_DEFINE_HANDLER makes it from a body.
#define CLOCHE_DECLARE_HANDLER(name) \
  [[gnu::visibility("hidden")]] CLOCHE_HANDLER void name(CLOCHE_STATE_PARAMETERS)
#if CLOCHE_TAIL_DISPATCH
#define CLOCHE_DEFINE_HANDLER(name, kind, body)                                                        \
  CLOCHE_HANDLER void name(CLOCHE_STATE_PARAMETERS) {                                                  \
    [[clang::musttail]] return kind<body>(pc, sp, locals, stp, mem, instance, spare1, spare2, context, \
                                          table);                                                      \
  }
#else
#define CLOCHE_DEFINE_HANDLER(name, kind, body) \
  void name(CLOCHE_STATE_PARAMETERS) { kind<body>(state); }
#endif

}  // namespace cloche::interp
