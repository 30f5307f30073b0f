// What a FunctionPass tells its sink. The pass reads and checks a body; the sink makes something of it: the
// side table, machine code, SSA, an explanation. A sink is never called in unreachable code.
#pragma once

#include <cstdint>

#include "wasm/opcode.hpp"
#include "wasm/types.hpp"

namespace cloche::validate {

/// Where a branch goes and what it carries. Heights and counts are in 8-byte slots (a v128 takes two),
/// counted from the first operand slot of the function, locals not included.
struct BranchTarget {
  uint32_t frame = 0;         // position of the label's frame in the control stack, 0 is the function
  bool to_loop = false;       // to the first instruction of a loop; otherwise to behind the frame's `end`
  uint32_t keep_slots = 0;    // values carried
  uint32_t height_slots = 0;  // where they land
};

/// The empty sink, and the interface by example: other sinks derive from it and hide what they need.
struct NoSink {
  /// True makes the pass keep slot heights for operands.
  static constexpr bool wants_slots = false;

  /// An instruction that is not control is about to be checked. `offset` is absolute in the module.
  void instruction(wasm::Op, uint32_t /*offset*/) {}
  /// local.get/set/tee; drop, select, select_t (then `local` is 0): the operand's type.
  void typed_slot_access(wasm::Op, uint32_t /*local*/, wasm::ValType) {}
  /// A frame was entered by block, loop, if, try or try_table; `next` is the offset behind its immediates,
  /// `height_slots` the operand height with the block's parameters on the stack.
  void enter(wasm::Op, uint32_t /*frame*/, uint32_t /*next*/, uint32_t /*height_slots*/) {}
  /// `else`, and legacy catch and catch_all. `falls_through`: the body before it can reach it. `next` as
  /// above; `height_slots` is the height at the frame's entry.
  void next_part(wasm::Op, uint32_t /*frame*/, uint32_t /*offset*/, uint32_t /*next*/, bool /*falls_through*/,
                 BranchTarget) {}
  /// A frame ended; for the function itself frame is 0 and `offset` that of the final `end`.
  void leave(uint32_t /*frame*/, uint32_t /*offset*/, uint32_t /*next*/) {}
  /// br, br_if, br_on_*, at `next` the instruction behind.
  void branch(wasm::Op, uint32_t /*next*/, BranchTarget) {}
  /// One label of a br_table whose opcode stands at `offset`.
  void table_branch(uint32_t /*offset*/, BranchTarget) {}
  /// A clause of the try_table whose frame was just entered.
  void clause(uint8_t /*kind*/, uint32_t /*tag*/, BranchTarget) {}
  /// Legacy: `catch tag` or `catch_all` of a try frame (kind 0 or 2), the handler starts at `next`.
  void legacy_catch(uint32_t /*frame*/, uint8_t /*kind*/, uint32_t /*tag*/, uint32_t /*offset*/,
                    uint32_t /*next*/, uint32_t /*height_slots*/) {}
  /// Legacy: `delegate` ends a try frame and hands on to the frame `outer` (0: the caller).
  void delegate(uint32_t /*frame*/, uint32_t /*outer*/, uint32_t /*offset*/, uint32_t /*next*/) {}
  /// Legacy: rethrow of the exception that the catch part of `frame` caught.
  void rethrow(uint32_t /*frame*/) {}
};

}  // namespace cloche::validate
