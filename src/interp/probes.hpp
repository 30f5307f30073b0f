// Probes: code attached to instructions of a running store.
//
// While a probe is attached, all activations of its context run on a dispatch table of that context's own, in
// which the opcodes that some probe asks for lead to one handler; it shows the machine to the probes and then
// goes on with the instruction's own handler. Every other opcode goes straight to its handler. So the plain
// interpreter knows nothing of probes, and a probe on `global.set` costs nothing at a load. Meanwhile code
// runs in its original bytes, one instruction for each dispatch: what a probe sees is the value stack of the
// specification.
//
// Attaching and detaching is allowed at any time on the context's own thread: before a call, from a host
// function, and from a probe itself; it holds for all activations there are.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "abi/context.hpp"
#include "interp/effects.hpp"
#include "interp/probe_gates.hpp"
#include "interp/table.hpp"
#include "wasm/opcode.hpp"

#if !defined(CLOCHE_NO_PROBES)
#define CLOCHE_NO_PROBES 0
#endif

namespace cloche::interp {

/// The rows of opcodes.def for which `wanted` holds.
template <class Predicate>
OpSet ops_where(Predicate wanted) {
  OpSet set;
  for (size_t i = 0; i < wasm::op_count; ++i)
    if (wanted(wasm::op_table[i])) set.set(i);
  return set;
}
inline OpSet all_ops() { return OpSet().set(); }
/// Those that read or write linear memory.
OpSet memory_ops();

/// Somebody who looks on. Owned by whoever attached it; detaches itself when it goes.
class Monitor {
 public:
  Monitor() = default;
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  virtual ~Monitor();

  /// Before an instruction it has a probe on. Anything but none is a trap of that instruction. May write
  /// locals, operands, globals and memory; may attach and detach probes.
  virtual TrapCode before(const abi::Site&) { return TrapCode::none; }
  /// See abi::Watcher. Every attached monitor is told of these. Instances that were there before are not told
  /// of.
  virtual void instance_ready(Instance*) {}
  virtual void trapped(Context*, const abi::Site* /*site*/) {}
  virtual void thrown(const abi::Site&) {}
  virtual void caught(const abi::Site&) {}
  virtual void entered(Context*) {}
  virtual void left(Context*) {}

 private:
  friend class Probes;
  class Probes* probes_ = nullptr;
};

/// The probes of one context. Must outlive every call into it that begins while a monitor is attached.
class Probes final : public abi::Watcher {
 public:
  explicit Probes(Context* context);
  ~Probes();
  Probes(const Probes&) = delete;
  Probes& operator=(const Probes&) = delete;

  /// What a probe is attached to. `attach` returns its number, for `detach`.
  using Id = uint32_t;
  /// Only the rare events.
  Id attach(Monitor& monitor) { return attach(monitor, OpSet()); }
  /// Every instruction whose row is in the set.
  Id attach(Monitor& monitor, const OpSet& ops);
  /// The same, of memory instructions, but for accesses that the filter lets pass. It must live until it is
  /// detached.
  Id attach_accesses(Monitor& monitor, const OpSet& ops, const ProbeFilter& filter);
  /// One instruction: `offset` counts from the first instruction of the body.
  Id attach_at(Monitor& monitor, const abi::FuncCode* func, uint32_t offset);
  /// The first instruction of a function, once for each activation; null for every function.
  Id attach_entry(Monitor& monitor, const abi::FuncCode* func);
  /// The instruction that leaves a function with its results on top of the stack (or by a tail call).
  Id attach_exit(Monitor& monitor, const abi::FuncCode* func);
  /// The same, of any function, but for exits that the filter lets pass. It must live until it is detached.
  Id attach_exits(Monitor& monitor, const ProbeFilter& filter);
  /// Instructions that write (and with `reads` also those that read) bytes of [begin, end) of a memory.
  Id attach_memory(Monitor& monitor, const abi::Memory* memory, uint64_t begin, uint64_t end, bool reads);
  /// Instructions that write a global.
  Id attach_global(Monitor& monitor, const abi::Global* global);

  void detach(Id id);
  /// All of a monitor's.
  void detach(Monitor& monitor);

  /// Whether any instruction is probed.
  bool active() const { return available && ops_.any(); }
  /// False in builds without probes: then nothing is ever called but for the rare events.
  static constexpr bool available = !CLOCHE_NO_PROBES;

  /// For the interpreter: asks every probe that is on the instruction.
  TrapCode before(const abi::Site& site);
  const Gates& gates() const { return gates_; }

  void instance_ready(Instance* instance) override;
  void trapped(Context* context, const abi::Site* site) override;
  void thrown(const abi::Site& site) override;
  void caught(const abi::Site& site) override;
  void entered(Context* context) override;
  void left(Context* context) override;

 private:
  enum class Where : uint8_t { everywhere, instruction, entry, exit, memory, global };
  struct Probe {
    Id id = 0;
    Monitor* monitor = nullptr;  // null once it is detached
    OpSet ops;
    Where where = Where::everywhere;
    bool reads = false;
    const void* object = nullptr;  // code, memory or global
    uint64_t begin = 0;            // instruction: its offset
    uint64_t end = 0;
    const ProbeFilter* filter = nullptr;
    const uint8_t* place = nullptr;  // instruction: where it stands
  };
  Id add(Monitor& monitor, Probe probe);
  static bool concerns(const Probe& probe, const abi::Site& site, wasm::Op op);
  void changed();
  void add_to_gates(const Probe& probe);
  void sweep();
  void set_tables(Instance* instance);
  void move_frames();
  const Handler* table_for(const Instance* instance, bool typed_slots);
  void fill(Handler* table, const Handler* single) const;
  template <class Call>
  void tell(Call call);

  Context* context_;
  std::vector<Probe> probes_;
  Id last_id_ = 0;
  unsigned busy_ = 0;  // calls of monitors under way: probes_ keeps its order meanwhile
  bool has_detached_ = false;
  OpSet ops_;  // of all probes
  Gates gates_;
  /// By Variant::index, made when needed and kept: frames may point to them.
  std::array<std::unique_ptr<Handler[]>, variant_count> tables_;
};

}  // namespace cloche::interp
