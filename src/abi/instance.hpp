// The run-time structures that executing tiers read directly: plain data at fixed places. The runtime owns
// and fills them; a store owns every object here and outlives all execution in it.
#pragma once

#include <atomic>
#include <cstdint>

#include "abi/code.hpp"
#include "abi/gc_object.hpp"
#include "wasm/module.hpp"
#include "wasm/trap.hpp"
#include "wasm/types.hpp"

namespace cloche::validate {
class ValidatedModule;
}

namespace cloche::abi {

struct Instance;
struct Context;
struct FuncObject;

/// Linear memory. `base` never changes while the memory lives; `size_bytes` only grows.
struct Memory {
  uint8_t* base = nullptr;
  std::atomic<uint64_t> size_bytes{0};
  uint64_t max_pages = 0;
  bool is_64 = false;
  bool shared = false;
  /// The reservation covers every 32-bit address plus 32-bit offset plus access size, so that a plain access
  /// beyond size_bytes faults and the fault becomes a trap. Otherwise tiers compare with size_bytes.
  bool guarded = false;
  uint8_t page_size_log2 = 16;
  void* owner = nullptr;  // the runtime's object

  uint64_t size() const { return size_bytes.load(std::memory_order_relaxed); }
};

/// A table of references. `elems` moves when the table grows: reload after any call.
struct Table {
  Ref* elems = nullptr;
  uint64_t size = 0;
  uint64_t max = 0;
  wasm::ValType type;  // canonical
  bool is_64 = false;
  void* owner = nullptr;
};

/// A global's cell: 16 bytes so that a v128 fits.
struct Global {
  alignas(16) Slot value[2] = {0, 0};
  wasm::ValType type;  // canonical
  bool mutable_ = false;
};

struct Tag {
  uint32_t canonical_type = 0;  // of its function type
  uint32_t param_slots = 0;
};

/// A passive or already applied segment; `size` becomes 0 when it is dropped.
struct ElemSegment {
  Ref* refs = nullptr;
  uint32_t size = 0;
};
struct DataSegment {
  const uint8_t* bytes = nullptr;
  uint32_t size = 0;
};

/// A function of a module, shared by its instances. `prepared` is null until the first call; see
/// interp/prepare.
struct FuncCode {
  std::atomic<PreparedCode*> prepared{nullptr};
  const validate::ValidatedModule* module = nullptr;
  uint32_t defined_index = 0;  // among the module's defined functions
};

/// A host function: reads its parameters from `args` and writes its results there, both as slots in order.
/// `args` has room for the larger of both. Returns the trap to raise or none.
/// The context's trap details may be set for TrapCode::host_error.
using HostCallback = wasm::TrapCode (*)(void* data, Context* context, Slot* args);

enum class FuncKind : uint8_t { wasm, host };

/// What a funcref points to. Owned by the store, not by the collected heap; its header's rtt is of its
/// function type.
struct alignas(16) FuncObject : GcObject {
  uint32_t canonical_type = 0;
  FuncKind kind = FuncKind::wasm;
  uint32_t param_slots = 0;
  uint32_t result_slots = 0;
  Instance* instance = nullptr;  // wasm
  FuncCode* code = nullptr;      // wasm
  HostCallback host = nullptr;
  void* host_data = nullptr;
  uint32_t func_index = 0;  // wasm: in its module's function index space
};

/// An instance's index spaces as arrays of pointers to store objects, imports first.
struct Instance {
  Memory** mems = nullptr;
  Table** tables = nullptr;
  Global** globals = nullptr;
  FuncObject** funcs = nullptr;
  Tag** tags = nullptr;
  ElemSegment* elems = nullptr;
  DataSegment* datas = nullptr;
  const Rtt* const* rtts = nullptr;           // by module type index
  const uint32_t* canonical_types = nullptr;  // by module type index
  const wasm::Module* module = nullptr;
  const validate::ValidatedModule* validated = nullptr;
  void* owner = nullptr;  // the runtime's object

  /// The interpreter's dispatch tables for this instance's memory 0, by PreparedCode::typed_slots; set on
  /// first entry.
  const void* dispatch[2] = {nullptr, nullptr};
  /// The instance of the same context that got its dispatch tables before this one; see Context::instances.
  Instance* next = nullptr;
};

}  // namespace cloche::abi
