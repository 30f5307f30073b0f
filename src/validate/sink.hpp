// What a sink of FunctionPass sees. A sink is a class derived from SinkBase<Itself> that defines (statically,
// by name) the methods it cares about; SinkBase has an empty or forwarding one for each.
//
//   struct MySink : SinkBase<MySink> {
//     using Value = ...;   // the sink's own value of each operand slot; default Nothing, which costs nothing
//     using Label = ...;   // the sink's own data of each open block; default Nothing
//     static constexpr bool slots = true;   // wants heights in 8-byte slots (a v128 takes two)
//   };
//   MySink sink;  FunctionPass<MySink> pass(module_types, sink);  TRY(pass.run(defined_index));
//
// The order of calls is that of the body: function, one call per instruction, and for the final `end` the
// method end. Methods are called only for live code: what stands behind an unconditional branch, up to where
// a taken branch or a fall-through arrives again, is checked but not shown. A block that begins in dead code
// is not shown at all. The pass may still fail after any call; the sink's work is then to be thrown away.
//
// Operands: popped operands come as Operands `in`, the deepest first; a sink fills in `out[i]` for each
// result. Their types are the actual ones: canonical (heap types are numbers of the TypeRegistry), never
// `bot`. `in` and `out` never overlap, and none of them may be kept.
//
// Straight-line instructions, by family, each `void NAME(const Instr&, Operands in, Operands out)`; those a
// sink does not define go to its `plain`, which by default does nothing:
//   constant numeric lane shuffle load store load_lane store_lane atomic memory table reference aggregate
//   parametric (drop, select) local_get local_set local_tee global
//
// Control: see the methods of SinkBase.
#pragma once

#include <cstdint>
#include <span>

#include "validate/type_registry.hpp"
#include "wasm/error.hpp"
#include "wasm/opcode.hpp"
#include "wasm/types.hpp"

namespace cloche::validate {

struct Nothing {};

/// One instruction. Members that its immediates do not fill are unspecified, apart from op, offset and end.
struct Instr {
  wasm::Op op = wasm::Op::nop;
  uint8_t lane = 0;     // lane, *_lane
  uint32_t offset = 0;  // of the opcode, from the start of the module
  uint32_t end = 0;     // one past the immediates, from the start of the module
  uint32_t index =
      0;  // the first index in the binary format; the memory of memory instructions; labels as depth
  uint32_t index2 = 0;             // the second index; the count of array.new_fixed
  uint64_t bits = 0;               // constants, zero-extended; the offset of a memory access
  const uint8_t* bytes = nullptr;  // 16 bytes: v128.const, i8x16.shuffle
  wasm::ValType type;              // ref.null, ref.test, ref.cast: of the immediate; br_on_cast: the source
  wasm::ValType type2;             // br_on_cast: the target
  const CanonicalType* callee = nullptr;  // calls: the function type; throw, catch: the tag's
};

/// Values of consecutive operands: their types, and the sink's own values for them.
template <class Value>
struct OperandSpan {
  const wasm::ValType* types = nullptr;
  Value* values = nullptr;  // not for a Value that is Nothing
  uint32_t count = 0;

  uint32_t size() const { return count; }
  wasm::ValType type(uint32_t i) const { return types[i]; }
  Value& operator[](uint32_t i) const { return values[i]; }
  OperandSpan first(uint32_t n) const { return {types, values, n}; }
};

enum class FrameKind : uint8_t { func, block, loop, if_, else_, try_table, try_, catch_, catch_all };

/// An open block. Operand heights count from the bottom of the function's operand stack (locals are not on
/// it).
template <class Label>
struct Frame {
  const CanonicalType* type = nullptr;  // of blocks with a type index, and of the function
  wasm::ValType single;                 // otherwise: the one result, `bot` for none
  uint32_t height = 0;                  // operands below the block's parameters
  uint32_t height_slots = 0;            // the same in slots; only for sinks that ask for slots
  uint32_t offset = 0;       // of the opcode that opened this part (block, else, catch), in the module
  uint32_t init_height = 0;  // for the pass: locals set since, to be unset
  uint32_t checked = 0;      // for the pass: serial number of the last br_table that named it
  FrameKind kind = FrameKind::block;
  bool live = false;         // its beginning can be reached
  bool unreachable = false;  // the current place cannot, and operands are polymorphic
  bool branched = false;     // a live branch, or an arm that falls through, goes to its end or loop head
  [[no_unique_address]] Label label{};  // the sink's own

  std::span<const wasm::ValType> params() const {
    return type && kind != FrameKind::func ? std::span<const wasm::ValType>(type->params())
                                           : std::span<const wasm::ValType>();
  }
  std::span<const wasm::ValType> results() const {
    if (type) return type->results();
    return {&single, single.is_bot() ? 0u : 1u};
  }
  /// What a branch to it carries.
  std::span<const wasm::ValType> label_types() const {
    return kind == FrameKind::loop ? params() : results();
  }
};

/// Where a branch goes. Carried operands land at `frame->height`.
template <class Label>
struct Target {
  uint32_t depth = 0;  // label index
  Frame<Label>* frame = nullptr;

  std::span<const wasm::ValType> types() const { return frame->label_types(); }
  uint32_t arity() const { return static_cast<uint32_t>(types().size()); }
  uint32_t arity_slots() const { return slots_of(types()); }
  bool is_loop() const { return frame->kind == FrameKind::loop; }
  bool is_return() const { return frame->kind == FrameKind::func; }
};

enum class CatchKind : uint8_t { catch_, catch_ref, catch_all, catch_all_ref };

/// A clause of try_table. The handler gets the tag's parameters, and an exnref for the two `_ref` kinds.
template <class Label>
struct CatchClause {
  CatchKind kind = CatchKind::catch_all;
  uint32_t tag = 0;
  Target<Label> target;
};

/// What a sink can ask the pass about during any call.
struct FunctionState {
  uint32_t func_index = 0;     // in the module's function index space
  uint32_t defined_index = 0;  // among defined functions
  const CanonicalType* type = nullptr;
  std::span<const wasm::ValType> locals;  // parameters and declared locals, canonical
  const uint8_t* code = nullptr;          // first instruction
  uint32_t code_offset = 0;               // of it in the module
  uint32_t code_end = 0;                  // one past the final `end`
  uint32_t height = 0;                    // operands on the stack, without those of the current instruction
};

/// What an error found, shown to sinks that recover: the state as it stood before the instruction.
template <class Value, class Label>
struct Failure {
  const wasm::Error& error;
  uint32_t offset = 0;                   // of the instruction, in the module
  OperandSpan<Value> stack;              // the function's whole operand stack
  uint32_t known = 0;                    // as many of them have values, from the bottom: those of live code
  std::span<const Frame<Label>> frames;  // open blocks, the outermost first
  std::span<const wasm::ValType> required;  // operand types that were required, if that is what failed ...
  uint32_t required_end = 0;                // ... and the height that the last of them had to have
};

/// Default methods. Derived is the sink.
template <class Derived, class ValueType = Nothing, class LabelType = Nothing>
struct SinkBase {
  using Value = ValueType;
  using Label = LabelType;
  using Operands = OperandSpan<Value>;
  using Block = Frame<Label>;
  using Branch = Target<Label>;
  using Catch = CatchClause<Label>;
  using Instr = validate::Instr;
  static constexpr bool enabled = true;  // false: nothing is ever called
  static constexpr bool slots = false;
  /// Whether the pass goes on after errors, with what follows in the same block as code that cannot be
  /// reached. The function is then at its end without an error of run(), unless failed() asked it to stop.
  static constexpr bool recovers = false;
  using Failure = validate::Failure<Value, Label>;
  /// An error was found; false to stop. Only for sinks that recover.
  bool failed(const Failure&) { return false; }

  /// Begins a function. `state` lives until run() returns and is kept up to date.
  void function(const FunctionState& /*state*/) {}
  /// Everything is checked: nothing can fail any more. With `slots`: how many the operand stack took at most,
  /// and whether a v128 was ever on it.
  void finish(uint32_t /*max_height_slots*/, bool /*vectors*/) {}

  void plain(const Instr&, Operands /*in*/, Operands /*out*/) {}
#define CLOCHE_STRAIGHT(name) \
  void name(const Instr& i, Operands in, Operands out) { static_cast<Derived*>(this)->plain(i, in, out); }
  CLOCHE_STRAIGHT(constant)
  CLOCHE_STRAIGHT(numeric)
  CLOCHE_STRAIGHT(lane)
  CLOCHE_STRAIGHT(shuffle)
  CLOCHE_STRAIGHT(load)
  CLOCHE_STRAIGHT(store)
  CLOCHE_STRAIGHT(load_lane)
  CLOCHE_STRAIGHT(store_lane)
  CLOCHE_STRAIGHT(atomic)
  CLOCHE_STRAIGHT(memory)
  CLOCHE_STRAIGHT(table)
  CLOCHE_STRAIGHT(reference)
  CLOCHE_STRAIGHT(aggregate)
  CLOCHE_STRAIGHT(parametric)
  CLOCHE_STRAIGHT(local_get)
  CLOCHE_STRAIGHT(local_set)
  CLOCHE_STRAIGHT(local_tee)
  CLOCHE_STRAIGHT(global)
#undef CLOCHE_STRAIGHT

  void nop(const Instr&) {}
  void unreachable(const Instr&) {}

  // Blocks. `params` are the operands that enter, on the stack; their values may be replaced.
  void block(const Instr&, Block&, Operands /*params*/) {}
  void loop(const Instr&, Block&, Operands /*params*/) {}
  void if_(const Instr&, Block&, Operands /*condition*/, Operands /*params*/) {}
  void try_table(const Instr&, Block&, Operands /*params*/, std::span<const Catch>) {}
  void try_(const Instr&, Block&, Operands /*params*/) {}
  /// The arm before ends here: with `results` when control can arrive (`falls_through`), else with none. The
  /// next arm begins with `params`, whose values stand as they did at the `if`.
  void else_(const Instr&, Block&, bool /*falls_through*/, Operands /*results*/, Operands /*params*/) {}
  /// Legacy catch and catch_all: the next arm begins with the tag's parameters, whose values the sink
  /// provides.
  void catch_(const Instr&, Block&, bool /*falls_through*/, Operands /*results*/, Operands /*params*/) {}
  /// Legacy delegate ends the block like `end`; exceptions go to the target's handlers (the function: to the
  /// caller).
  void delegate(const Instr&, Block&, bool /*falls_through*/, Operands /*results*/, Branch,
                Operands /*out*/) {}
  /// Ends a block. `results` are there when control can arrive from just before. `out` are the values that go
  /// on behind it, to be filled in; they are on the stack only if `goes_on`, that is if control can arrive
  /// from anywhere. An `if` without `else` ends with the results of its one arm; the other arm's are the
  /// block's parameters.
  void end(const Instr&, Block&, bool /*falls_through*/, Operands /*results*/, bool /*goes_on*/,
           Operands /*out*/) {}

  // Branches. `carried` are the operands of the label; where control may go on they stay on the stack, and
  // their values may be replaced.
  void br(const Instr&, Branch, Operands /*carried*/) {}
  void br_if(const Instr&, Branch, Operands /*condition*/, Operands /*carried*/) {}
  /// `targets` are the labels in order, the default last.
  void br_table(const Instr&, std::span<const Branch> /*targets*/, Operands /*index*/, Operands /*carried*/) {
  }
  void return_(const Instr&, Operands /*results*/) {}
  /// br_on_null, br_on_non_null, br_on_cast, br_on_cast_fail. `in` are the label's other operands, which stay
  /// on the stack, and last the reference. If the branch is not taken, `out` (none for br_on_non_null, else
  /// one, the reference) replaces the reference; if it is taken, the label gets the reference as its last
  /// operand, unless the instruction is br_on_null.
  void br_on(const Instr&, Branch, Operands /*in*/, Operands /*out*/) {}

  // Calls. `in` are the arguments, and last the table index (indirect) or function reference (call_ref).
  // `i.callee` is the type.
  void call(const Instr&, Operands /*in*/, Operands /*out*/) {}
  void call_indirect(const Instr&, Operands /*in*/, Operands /*out*/) {}
  void call_ref(const Instr&, Operands /*in*/, Operands /*out*/) {}
  void return_call(const Instr&, Operands /*in*/) {}
  void return_call_indirect(const Instr&, Operands /*in*/) {}
  void return_call_ref(const Instr&, Operands /*in*/) {}

  // Exceptions.
  void throw_(const Instr&, Operands /*in*/) {}
  void throw_ref(const Instr&, Operands /*in*/) {}
  void rethrow(const Instr&, Branch) {}
};

/// The validator's sink: checks, and shows nothing to anybody.
struct NoSink : SinkBase<NoSink> {
  static constexpr bool enabled = false;
};

}  // namespace cloche::validate
