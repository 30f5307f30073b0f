// A store: it owns every run-time object made in it, the stacks of its one thread of execution, and the
// collected heap. Used by one thread at a time.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "abi/context.hpp"
#include "platform/sleeper.hpp"
#include "runtime/engine.hpp"
#include "runtime/extern.hpp"
#include "runtime/gc_heap.hpp"
#include "runtime/instance.hpp"
#include "runtime/linear_memory.hpp"
#include "runtime/module.hpp"
#include "runtime/roots.hpp"
#include "runtime/trap.hpp"
#include "runtime/value.hpp"

namespace cloche::interp {
class Probes;
}

namespace cloche::runtime {

/// Bytes of a linear memory.
struct HostTouch {
  const abi::Memory* memory;
  uint64_t offset;
  uint64_t size;
};

/// What a host function gets besides its arguments.
struct HostCall {
  Store& store;
  Instance* caller;    // the instance whose function called; null when the host called directly
  std::string detail;  // the message of TrapCode::host_error
  /// Set with TrapCode::host_error: no error, the guest's program ends with this status.
  std::optional<uint32_t> exit_status;
  /// Where the host function notes the guest memory that it may write, when somebody wants to know.
  std::vector<HostTouch>* touched = nullptr;
};

/// A host function's body over slots: reads its parameters from `slots`, writes its results there. Returns
/// the trap to raise, or none.
using HostSlots = std::function<wasm::TrapCode(HostCall& call, abi::Slot* slots)>;

/// A host function's body over values. Arguments have the parameters' types; the results are checked against
/// the result types, and a mismatch is a host_error trap. May throw a wasm exception with
/// Store::throw_exception.
using HostValues =
    std::function<wasm::TrapCode(HostCall& call, std::span<const Value> args, std::vector<Value>& results)>;

/// Stands between a store's guests and its host functions: records their calls, or answers in their place.
class HostGate {
 public:
  /// A call of `body`, with `slots` for the larger of parameters and results. Returns what `body` returned,
  /// or what it would have.
  virtual wasm::TrapCode pass(HostCall& call, abi::Slot* slots, uint32_t result_slots,
                              const HostSlots& body) = 0;

 protected:
  ~HostGate() = default;
};

class Store {
 public:
  /// Fails: out_of_memory, when the stacks cannot be reserved.
  static wasm::Result<std::unique_ptr<Store>> create(std::shared_ptr<Engine> engine);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Instantiates (spec: Execution / Modules / Instantiation). One import for each of the module's, in its
  /// order. Fails: unknown_import (too few), incompatible_import, foreign_object, foreign_engine,
  /// out_of_memory; and with the trap of an active segment, an initializer or the start function. What a
  /// failed instantiation has already written to imported objects stays, as the specification says; its own
  /// objects live as long as the store.
  Outcome<Instance*> instantiate(std::shared_ptr<Module> module, std::span<const Extern> imports);

  /// Calls a function. Fails: signature_mismatch (number or types of the arguments), foreign_object; traps.
  Outcome<std::vector<Value>> call(Func func, std::span<const Value> args);
  /// Calls with slots: parameters in, results out; room for the larger of both. References in the result
  /// slots are not rooted: root or store them before the next call into the store. Fails with traps only.
  Outcome<void> call_slots(Func func, abi::Slot* slots);

  /// Makes host objects. Types are canonical (abstract heap types are the same either way).
  Func make_func(const wasm::FuncType& type, HostSlots body);
  Func make_func_values(const wasm::FuncType& type, HostValues body);
  /// Fails: out_of_memory, and limit_exceeded for sizes beyond the engine's limits.
  wasm::Result<Memory> make_memory(const wasm::MemType& type);
  wasm::Result<Table> make_table(const wasm::TableType& type, const Value& init);
  /// Fails: type_mismatch, foreign_object.
  wasm::Result<Global> make_global(const wasm::GlobalType& type, const Value& init);
  Tag make_tag(const wasm::FuncType& type);
  /// A shared memory of another store as an object of this one; both see the same bytes. Fails:
  /// foreign_engine is never asked for, memories carry no types; bad_argument when it is not shared.
  wasm::Result<Memory> adopt_shared(const Memory& memory);

  /// Access to objects. Fails: type_mismatch, foreign_object, immutable_global, bad_argument (index).
  Value get(const Global& global);
  wasm::Result<void> set(const Global& global, const Value& value);
  wasm::Result<Value> get(const Table& table, uint64_t index);
  wasm::Result<void> set(const Table& table, uint64_t index, const Value& value);
  /// Old size, or nothing when refused.
  std::optional<uint64_t> grow(const Table& table, uint64_t delta, const Value& init);
  std::optional<uint64_t> grow(const Memory& memory, uint64_t delta_pages);

  /// A host value as an externref. Nothing when the heap is full.
  std::optional<Value> make_extern(uint64_t payload);
  /// The payload of an external value (also as anyref), when that is what the reference is.
  static std::optional<uint64_t> extern_payload(const Value& value);
  Value func_ref(const Func& func);
  /// The function of a non-null function reference.
  std::optional<Func> as_func(const Value& value);

  /// True when the value may be passed where `type` (canonical) is expected.
  bool matches(const Value& value, wasm::ValType type);

  /// Raises a wasm exception from a host function: `return store.throw_exception(tag, args)`.
  wasm::TrapCode throw_exception(const Tag& tag, std::span<const Value> args);

  /// Asks a running call to end with the trap "interrupted", also when it waits in a host function that
  /// sleeps by sleeper(). May be called from any thread and from a signal handler.
  void interrupt();
  /// Whether that was asked for and has not happened yet.
  bool is_interrupted() const { return context_.interrupt.load(std::memory_order_seq_cst); }
  /// The trap for a host function that saw is_interrupted() and gives up.
  wasm::TrapCode take_interrupt();
  /// For host functions that wait in a system call.
  platform::Sleeper& sleeper() { return sleeper_; }
  /// Collects garbage now.
  void collect();

  Engine& engine() { return *engine_; }
  const std::shared_ptr<Engine>& engine_ptr() const { return engine_; }
  GcHeap& heap() { return heap_; }
  RootSet& roots() { return *roots_; }
  abi::Context& context() { return context_; }
  /// Every call of a host function goes through the gate from now on; null for none. Must outlive the calls.
  void set_gate(HostGate* gate) { gate_ = gate; }
  /// Where monitors attach themselves; made when first asked for.
  interp::Probes& probes();

 private:
  friend class Instantiation;
  explicit Store(std::shared_ptr<Engine> engine);
  bool map_stacks();
  static void scan_roots(void* self, Marker& marker);
  Trap take_trap(wasm::TrapCode code);
  base::Unexpected<Failure> exhausted();

  bool is_foreign(const Value& value) const;
  wasm::Result<void> check_values(const wasm::ResultType& types, std::span<const Value> values,
                                  std::string_view what);
  static void write_values(std::span<const Value> values, abi::Slot* slots);
  std::vector<Value> read_values(const wasm::ResultType& types, const abi::Slot* slots);

  abi::FuncObject func_object(uint32_t canonical_type);
  abi::Table* new_table(const wasm::TableType& type);
  abi::Global* new_global(wasm::ValType type, bool is_mutable);
  abi::Tag* new_tag(uint32_t canonical_type);

  struct HostFunc;

  std::shared_ptr<Engine> engine_;
  RootSet* roots_;
  GcHeap heap_;
  platform::Reservation value_stack_;
  platform::Reservation frame_stack_;
  abi::Context context_;
  std::unique_ptr<interp::Probes> probes_;
  platform::Sleeper sleeper_;
  HostGate* gate_ = nullptr;
  std::optional<uint32_t> exit_status_;  // of the host function that ends execution right now
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<std::unique_ptr<HostFunc>> host_funcs_;
  std::vector<std::shared_ptr<LinearMemory>> memories_;
  std::deque<abi::Table> tables_;
  std::deque<abi::Global> globals_;
  std::deque<abi::Tag> tags_;
};

}  // namespace cloche::runtime
