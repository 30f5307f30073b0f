// Canonical types, engine-wide: two types of any modules are the same type exactly when they get the same
// number (spec: Validation / Types, "rolling" and "unrolling"; equality of recursion groups). Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "wasm/error.hpp"
#include "wasm/module.hpp"
#include "wasm/types.hpp"

namespace cloche::validate {

/// Number of a canonical type. In wasm types given to or got from the registry, concrete heap types hold such
/// numbers.
using CanonType = uint32_t;

class TypeRegistry {
 public:
  TypeRegistry() = default;
  ~TypeRegistry();
  TypeRegistry(const TypeRegistry&) = delete;
  TypeRegistry& operator=(const TypeRegistry&) = delete;

  /// Numbers of all types of a module, in its index space. The module's types must have been validated up to
  /// here: references stay within their group or before it. Types live as long as the registry. Fails:
  /// limit_exceeded, when the engine would hold more than 2^24 - 1 types.
  wasm::Result<std::vector<CanonType>> intern(const wasm::Module& module);

  /// The number of a function type whose heap types are canonical already (or abstract).
  CanonType canonicalize(const wasm::FuncType& type);

  /// The definition behind a number, with canonical heap types. Lock-free; the reference stays valid.
  const wasm::SubType& type(CanonType number) const { return entry(number).type; }
  /// How many supertypes stand above it.
  uint32_t depth(CanonType number) const { return static_cast<uint32_t>(entry(number).supers.size()); }
  /// Its supertypes, outermost first.
  std::span<const CanonType> supers(CanonType number) const { return entry(number).supers; }

  /// Subtyping (spec: Validation / Matching), on canonical types. All are O(1).
  bool is_subtype(CanonType sub, CanonType super) const;
  bool matches(wasm::HeapType sub, wasm::HeapType super) const;
  bool matches(wasm::ValType sub, wasm::ValType super) const;

  uint32_t size() const { return size_.load(std::memory_order_acquire); }

 private:
  struct Entry {
    wasm::SubType type;
    std::vector<CanonType> supers;
  };
  static constexpr uint32_t max_types = (1u << 24) - 1;
  /// Entries stand in chunks that never move, each twice as long as the one before: 32, 64, ...
  static constexpr uint32_t first_chunk_log2 = 5;
  struct Place {
    uint32_t chunk, index;
  };
  static constexpr uint32_t chunk_size(uint32_t chunk) { return 1u << (chunk + first_chunk_log2); }
  static constexpr Place place(CanonType number) {
    const uint32_t shifted = number + chunk_size(0);
    const uint32_t chunk = static_cast<uint32_t>(std::bit_width(shifted)) - 1 - first_chunk_log2;
    return {chunk, shifted - chunk_size(chunk)};
  }
  const Entry& entry(CanonType number) const {
    const Place at = place(number);
    return chunks_[at.chunk].load(std::memory_order_acquire)[at.index];
  }
  wasm::Result<CanonType> intern_group(std::span<const wasm::SubType> group, uint32_t first,
                                       std::span<const CanonType> known);
  void add(const wasm::SubType& type);

  std::mutex mutex_;  // guards adding; reading needs no lock
  std::unordered_map<std::string, CanonType> groups_;
  std::atomic<uint32_t> size_{0};
  std::array<std::atomic<Entry*>, 25 - first_chunk_log2> chunks_{};
};

/// Subtyping among abstract heap types, `bot` included.
bool abstract_matches(wasm::AbsHeap sub, wasm::AbsHeap super);
/// The abstract heap type just above a defined type of this kind, and the bottom of its hierarchy.
wasm::AbsHeap abstract_of(wasm::CompKind kind);
wasm::AbsHeap bottom_of(wasm::CompKind kind);
/// The top of the hierarchy that an abstract heap type belongs to: any, func, extern or exn.
wasm::AbsHeap top_of(wasm::AbsHeap heap);

}  // namespace cloche::validate
