// The types of one module while it is validated: its own type indices, and their canonical numbers.
#pragma once

#include <vector>

#include "validate/type_registry.hpp"
#include "wasm/module.hpp"

namespace cloche::validate {

/// Subtyping over a module's own type indices. Borrows the module and the registry.
class ModuleTypes {
 public:
  ModuleTypes(const wasm::Module& module, const TypeRegistry& registry, std::vector<CanonType> numbers)
      : module_(&module), registry_(&registry), numbers_(std::move(numbers)) {}

  uint32_t count() const { return static_cast<uint32_t>(numbers_.size()); }
  CanonType canonical(wasm::TypeIdx type) const { return numbers_[type.value]; }
  const std::vector<CanonType>& numbers() const { return numbers_; }
  const wasm::CompType& comp(wasm::TypeIdx type) const { return module_->types[type.value].comp; }
  const TypeRegistry& registry() const { return *registry_; }

  /// The same type with canonical numbers for the module's type indices.
  wasm::HeapType canonical(wasm::HeapType type) const {
    return type.is_concrete() ? wasm::HeapType(wasm::TypeIdx(numbers_[type.index().value])) : type;
  }
  wasm::ValType canonical(wasm::ValType type) const {
    if (!type.is_ref() || !type.heap().is_concrete()) return type;
    return wasm::ValType::ref(canonical(type.heap()), type.is_nullable());
  }

  /// Subtyping (spec: Validation / Matching); equal types are found without a look at the registry.
  bool matches(wasm::HeapType sub, wasm::HeapType super) const {
    return sub == super || registry_->matches(canonical(sub), canonical(super));
  }
  bool matches(wasm::ValType sub, wasm::ValType super) const {
    if (sub == super || sub.is_bot()) return true;
    if (!sub.is_ref() || !super.is_ref()) return false;
    return registry_->matches(canonical(sub), canonical(super));
  }
  bool matches(wasm::StorageType sub, wasm::StorageType super) const {
    if (sub.is_packed() || super.is_packed()) return sub == super;
    return matches(sub.unpacked(), super.unpacked());
  }
  bool matches(const wasm::FieldType& sub, const wasm::FieldType& super) const {
    if (sub.mutable_ != super.mutable_ || !matches(sub.storage, super.storage)) return false;
    return !sub.mutable_ || matches(super.storage, sub.storage);
  }
  bool matches(const wasm::ResultType& sub, const wasm::ResultType& super) const {
    if (sub.size() != super.size()) return false;
    for (size_t i = 0; i < sub.size(); ++i)
      if (!matches(sub[i], super[i])) return false;
    return true;
  }

 private:
  const wasm::Module* module_;
  const TypeRegistry* registry_;
  std::vector<CanonType> numbers_;
};

}  // namespace cloche::validate
