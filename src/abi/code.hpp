// What a function body becomes before it first runs: the side table of its branches, its handlers and its
// sizes. The validator's pass makes it, the interpreter walks it, compilers and runtime read the sizes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace cloche::abi {

/// One cell of the value stack: locals and operands. A v128 takes two, low half first.
using Slot = uint64_t;

/// One taken branch. Instructions that may branch own entries in body order, where they are reachable:
///   br, br_if, br_on_*                one, the branch
///   if                                one, taken when the condition is zero: to after `else` or `end`
///   else, legacy catch and catch_all  one, taken when the body before it falls through: to after `end`
///   legacy delegate                   none (falling through simply goes on)
///   br_table                          one per label, the default last
///   legacy rethrow                    one; `height` is the slot (from the locals' base) of the exception
///   local.get/set/tee, drop, select, select_t in functions with `typed_slots`
///                                     one; `keep` is the width in slots (1 or 2), `height` for locals the
///                                     slot of the local, otherwise 0
/// Offsets are relative to the end of the branching instruction (for br_table: to its first byte), so the
/// original body and a quickened copy share the table. A branch to a loop goes to the first instruction
/// inside it; a branch to the function's outermost label goes to the body's final `end`, which returns.
struct BranchEntry {
  int32_t pc_delta = 0;   // bytes
  int32_t stp_delta = 0;  // entries, relative to this entry
  uint32_t keep = 0;      // slots carried along from the top of the stack
  uint32_t height = 0;    // slots from the locals' base at which the carried ones land
};

/// What a protected range does with an exception.
enum class HandlerKind : uint8_t { catch_, catch_ref, catch_all, catch_all_ref, delegate };

/// One catch clause of a try_table or legacy try, or a legacy delegate. Handlers stand innermost first, and
/// in clause order within one try, so the first match in table order is the right one.
struct Handler {
  uint32_t begin = 0;  // protected range [begin, end), as offsets from the start of the body's instructions
  uint32_t end = 0;
  HandlerKind kind = HandlerKind::catch_all;
  uint32_t tag = 0;               // index in the instance's tags, for catch_ and catch_ref
  uint32_t target_pc = 0;         // offset from the start of the instructions at which to go on
  uint32_t target_stp = 0;        // index in the side table that goes with it
  uint32_t height = 0;            // slots from the locals' base under the values pushed for the handler
  uint32_t exception_slot = ~0u;  // legacy: hidden local slot that keeps the exception; ~0 for none
  uint32_t delegate_to = 0;  // delegate: index of the handler at which the search goes on (count: the caller)
};

/// A body made ready to run; immutable but for the quickened copy. Lives as long as the module's code.
struct PreparedCode {
  const uint8_t* begin = nullptr;  // first instruction, in the module's own bytes
  const uint8_t* end = nullptr;    // one past the final `end`
  uint32_t module_offset = 0;      // of `begin` from the start of the module
  uint32_t func_index = 0;         // in the module's function index space
  uint32_t param_slots = 0;
  uint32_t result_slots = 0;
  uint32_t local_slots = 0;  // parameters, declared locals and hidden slots
  uint32_t max_slots = 0;    // local_slots and the deepest operand stack
  bool typed_slots = false;  // a v128 is somewhere on locals or stack, see BranchEntry
  std::vector<BranchEntry> side_table;
  std::vector<Handler> handlers;

  /// Where calls begin: `begin`, or the quickened copy's first byte once there is one.
  std::atomic<const uint8_t*> entry{nullptr};
  /// Set when the body's last byte is the module's last: reading two bytes at the final `end` must be in
  /// bounds, so `begin` then points into this copy.
  std::unique_ptr<uint8_t[]> body_copy;

  /// A private copy of [begin, end) with sequences overwritten by superinstructions; null until warm.
  /// Published with release order; owned here.
  std::atomic<const uint8_t*> quickened{nullptr};
  std::atomic<uint32_t> warmth{0};
  std::unique_ptr<uint8_t[]> quickened_storage;
};

}  // namespace cloche::abi
