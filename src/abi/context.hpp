// One thread of execution in a store: its value stack, its frames, the trap it ended with, and the runtime's
// calls.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "abi/instance.hpp"
#include "abi/watcher.hpp"

namespace cloche::abi {

/// One activation. The engine's own stack of them is apart from the value stack and from the native stack.
struct Frame {
  FuncObject* func;          // never null
  const PreparedCode* code;  // null while a host function runs
  Slot* locals;              // base of the activation on the value stack
  const uint8_t* return_pc;  // in the CALLER: the instruction after the call; null at an entry from the host
  const BranchEntry* return_stp;  // in the caller
  const void* dispatch;           // the interpreter's dispatch table for this activation
};

/// A place in a backtrace, innermost first.
struct FrameInfo {
  const FuncObject* func = nullptr;
  uint32_t module_offset = 0;  // of the instruction that trapped or called; 0 for host functions
};

/// How execution ended when it did not end well.
struct TrapState {
  wasm::TrapCode code = wasm::TrapCode::none;
  std::vector<FrameInfo> backtrace;  // innermost first, limited to 64 innermost and outermost frames
  uint32_t frames_omitted = 0;
  std::string detail;        // host_error: the host's message
  Ref exception = null_ref;  // uncaught_exception: the exception, rooted here
};

enum class Quicken : uint8_t { never, warm, always };

/// Calls from executing tiers into the runtime. Each may allocate, hence collect: the caller stores its stack
/// pointer in Context::sp first, and every live reference is in a slot below it. TrapCode::none means done.
struct RuntimeCalls {
  // Memory. Sizes and addresses are already zero-extended to 64 bits.
  uint64_t (*memory_grow)(Instance*, uint32_t mem, uint64_t delta_pages);  // old pages, or ~0
  wasm::TrapCode (*memory_init)(Instance*, uint32_t data, uint32_t mem, uint64_t to, uint64_t from,
                                uint64_t size);
  wasm::TrapCode (*memory_copy)(Instance*, uint32_t to_mem, uint32_t from_mem, uint64_t to, uint64_t from,
                                uint64_t size);
  wasm::TrapCode (*memory_fill)(Instance*, uint32_t mem, uint64_t to, uint8_t value, uint64_t size);
  void (*data_drop)(Instance*, uint32_t data);
  // Tables.
  uint64_t (*table_grow)(Instance*, uint32_t table, Ref value, uint64_t delta);  // old size, or ~0
  wasm::TrapCode (*table_init)(Instance*, uint32_t elem, uint32_t table, uint64_t to, uint64_t from,
                               uint64_t size);
  wasm::TrapCode (*table_copy)(Instance*, uint32_t to_table, uint32_t from_table, uint64_t to, uint64_t from,
                               uint64_t size);
  wasm::TrapCode (*table_fill)(Instance*, uint32_t table, uint64_t to, Ref value, uint64_t size);
  void (*elem_drop)(Instance*, uint32_t elem);
  // The collected heap. Null means out of memory. New objects hold zero bytes: null references and zero
  // numbers.
  StructObject* (*struct_new)(Context*, const Rtt*);
  ArrayObject* (*array_new)(Context*, const Rtt*, uint32_t length);
  wasm::TrapCode (*array_new_data)(Context*, Instance*, uint32_t type, uint32_t data, uint32_t from,
                                   uint32_t length, Ref* result);
  wasm::TrapCode (*array_new_elem)(Context*, Instance*, uint32_t type, uint32_t elem, uint32_t from,
                                   uint32_t length, Ref* result);
  wasm::TrapCode (*array_init_data)(Instance*, ArrayObject*, uint32_t to, uint32_t data, uint32_t from,
                                    uint32_t length);
  wasm::TrapCode (*array_init_elem)(Instance*, ArrayObject*, uint32_t to, uint32_t elem, uint32_t from,
                                    uint32_t length);
  /// Takes the tag's parameters from `slots`.
  ExceptionObject* (*exception_new)(Context*, Tag*, const Slot* slots);
  /// True when a non-null reference is of the heap type (canonical). The interpreter handles i31 and rtts
  /// itself where it can; this is the complete answer for abstract types.
  bool (*ref_matches)(Ref, wasm::HeapType);
  // Threads. `timeout_ns` < 0 waits without end. Results as memory.atomic.wait defines them (0 ok, 1
  // not-equal, 2 timed-out).
  uint32_t (*atomic_wait32)(Memory*, uint64_t address, uint32_t expected, int64_t timeout_ns);
  uint32_t (*atomic_wait64)(Memory*, uint64_t address, uint64_t expected, int64_t timeout_ns);
  uint32_t (*atomic_notify)(Memory*, uint64_t address, uint32_t count);
};

/// One thread of execution. A store has one; re-entry from host functions goes on above the same stack
/// pointers.
struct Context {
  Slot* stack_base = nullptr;
  Slot* stack_limit = nullptr;  // a frame whose max_slots would pass it is a call stack exhausted
  Slot* sp = nullptr;           // top in use; valid whenever control is outside the tiers
  Frame* frames_base = nullptr;
  Frame* frames_limit = nullptr;
  Frame* frame = nullptr;     // innermost frame; frames_base - 1 when there is none
  uint32_t native_depth = 0;  // nested entries from host functions, limited by native_depth_limit
  uint32_t native_depth_limit = 200;

  const RuntimeCalls* calls = nullptr;
  void* store = nullptr;  // the runtime's object
  Quicken quicken = Quicken::warm;
  bool deterministic = false;  // canonical NaNs, and the documented choice where the spec leaves several
  std::atomic<bool> interrupt{false};  // set by other threads; checked at loop headers and calls
  TrapState trap;

  /// Passed from an executing handler to its slow path: the function to call and where its caller goes on.
  FuncObject* callee = nullptr;
  const uint8_t* callee_return_pc = nullptr;
  const BranchEntry* callee_return_stp = nullptr;
  /// Counts down on calls and loop back-edges of code that is not quickened; at zero the code at hand is
  /// sampled.
  uint32_t tick = 1;

  /// Who is told of what seldom happens: traps, exceptions, the end of an entry. Null when nobody looks.
  Watcher* watcher = nullptr;
  /// Instances that have dispatch tables, as a list through Instance::next.
  Instance* instances = nullptr;

  /// The faulting access, while a fault in an executing tier is being turned into a trap (see
  /// platform/signals).
  const uint8_t* fault_pc = nullptr;
};

}  // namespace cloche::abi
