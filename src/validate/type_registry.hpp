// Canonical types: one number for each type of an engine, however many modules define it. Recursion groups
// are equal when they have the same structure (spec: Structure / Types / Recursive Types, Validation /
// Conventions / Rolling and Unrolling), so types are interned by group. Knows nothing of modules;
// module_types.hpp maps them.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "wasm/error.hpp"
#include "wasm/types.hpp"

namespace cloche::validate {

/// The number of a canonical type. Equal numbers mean equal types. It counts neither in a module's type
/// section nor in any other index space.
struct CanonType {
  uint32_t value = 0;
  constexpr CanonType() = default;
  constexpr CanonType(uint32_t v) : value(v) {}
  constexpr operator uint32_t() const { return value; }
};

/// The heap type, or nullable reference type, of a canonical type.
constexpr wasm::HeapType heap_type(CanonType type) { return wasm::HeapType(wasm::TypeIdx(type.value)); }

/// A canonical type. Heap types in `type` that are concrete, and `type.supers`, are canonical numbers.
struct CanonicalType {
  CanonType self;
  wasm::SubType type;
  std::vector<CanonType> display;  // every proper supertype, the root first
  uint32_t param_slots = 0;        // function types: 8-byte slots of parameters and results
  uint32_t result_slots = 0;

  uint32_t depth() const { return static_cast<uint32_t>(display.size()); }
  bool is_func() const { return type.comp.kind == wasm::CompKind::func; }
  bool is_struct() const { return type.comp.kind == wasm::CompKind::struct_; }
  bool is_array() const { return type.comp.kind == wasm::CompKind::array; }
  const wasm::ResultType& params() const { return type.comp.func.params; }
  const wasm::ResultType& results() const { return type.comp.func.results; }
  const std::vector<wasm::FieldType>& fields() const { return type.comp.fields; }
};

/// The top of the hierarchy that an abstract heap type belongs to: any, func, extern or exn.
wasm::AbsHeap top_of(wasm::AbsHeap heap);

/// Slots of 8 bytes that values of these types take.
uint32_t slots_of(std::span<const wasm::ValType> types);

/// All canonical types of an engine. Thread-safe. Types live as long as the registry: modules come and go,
/// their types stay, at most 2^24 of them. Reading takes no lock: a number is only handed out once its type
/// is complete.
class TypeRegistry {
 public:
  TypeRegistry();
  ~TypeRegistry();
  TypeRegistry(const TypeRegistry&) = delete;
  TypeRegistry& operator=(const TypeRegistry&) = delete;

  /// The canonical numbers of a recursion group of a module, in `canonical` from `first` on; those of earlier
  /// types must be there already. `types` are the module's. References must lie before the group's end and
  /// supertypes before the type itself. Whether a type matches its supertype is the caller's concern.
  /// Fails: limit_exceeded (offset of the group's first type).
  wasm::Result<void> intern(std::span<const wasm::SubType> types, wasm::RecGroup group,
                            std::span<CanonType> canonical);
  /// The number of a function type of its own group, final and without supertype; heap types in it are
  /// canonical. For host functions; room is kept for a million of them after modules have used up theirs.
  CanonType canonicalize(const wasm::FuncType& type);

  const CanonicalType& get(CanonType type) const {
    const uint32_t place = type.value + first_chunk_size;
    const unsigned chunk = static_cast<unsigned>(std::bit_width(place)) - 1;
    return chunks_[chunk].load(std::memory_order_acquire)[place - (1u << chunk)];
  }
  const wasm::SubType& type(CanonType type) const { return get(type).type; }
  uint32_t size() const { return size_.load(std::memory_order_acquire); }

  /// spec: Validation / Matching / Defined Types. In constant time.
  bool is_subtype(CanonType sub, CanonType super) const {
    if (sub.value == super.value) return true;
    const CanonicalType& info = get(sub);
    const uint32_t depth = get(super).depth();
    return depth < info.depth() && info.display[depth].value == super.value;
  }
  /// spec: Validation / Matching / Heap Types, Reference Types, Value Types; `bot` matches everything.
  bool matches(wasm::HeapType sub, wasm::HeapType super) const;
  bool matches(wasm::ValType sub, wasm::ValType super) const;
  bool matches(std::span<const wasm::ValType> subs, std::span<const wasm::ValType> supers) const;
  bool matches(const wasm::FieldType& sub, const wasm::FieldType& super) const;
  /// spec: Validation / Matching / Composite Types.
  bool matches(const wasm::CompType& sub, const wasm::CompType& super) const;
  /// The top of the hierarchy of a canonical heap type.
  wasm::AbsHeap top_of(wasm::HeapType heap) const;

 private:
  // A group as words, with references inside it relative to its start; equal words mean equal groups.
  using Key = std::vector<uint32_t>;
  struct KeyHash {
    uint64_t seed;
    size_t operator()(const Key& key) const;
  };
  static constexpr uint32_t first_chunk_size = 64;  // chunk k holds the types from 2^k - 64 to 2^(k+1) - 64
  static constexpr uint32_t max_types = (1u << 24) - first_chunk_size;
  static constexpr uint32_t kept_for_host = 1u << 20;

  class KeyWriter;
  CanonicalType& append();
  void add(const wasm::SubType& type, uint32_t group_first, CanonType canonical_first,
           std::span<const CanonType> canonical);

  std::mutex mutex_;  // interning
  std::unordered_map<Key, CanonType, KeyHash> groups_;
  std::atomic<uint32_t> size_{0};
  std::array<std::atomic<CanonicalType*>, 25> chunks_{};
};

}  // namespace cloche::validate
