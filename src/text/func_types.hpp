// Finds the function type that an abbreviated type use stands for (spec: Text Format / Types / Type Uses).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wasm/module.hpp"

namespace cloche::text {

/// A hash table over the types of a module: those that are final function types without supertypes in a
/// recursion group of their own.
class FuncTypes {
 public:
  /// Enters type `index` of `module` if it is such a type and no equal one is entered yet.
  void add(const wasm::Module& module, uint32_t index);
  /// The first such type with these parameters and results, if there is one.
  std::optional<wasm::TypeIdx> find(const wasm::Module& module, std::span<const wasm::ValType> params,
                                    std::span<const wasm::ValType> results) const;
  /// The first such type with these parameters and results; appends one to the module when there is none.
  wasm::TypeIdx find_or_append(wasm::Module& module, std::span<const wasm::ValType> params,
                               std::span<const wasm::ValType> results, uint64_t offset);

 private:
  size_t slot_of(const wasm::Module& module, uint64_t hash, std::span<const wasm::ValType> params,
                 std::span<const wasm::ValType> results) const;
  void enter(const wasm::Module& module, size_t slot, uint32_t index);

  std::vector<uint32_t> slots_;  // type index plus one, or 0; the size is a power of two
  size_t count_ = 0;
};

}  // namespace cloche::text
