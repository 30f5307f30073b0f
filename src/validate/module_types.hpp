// The types of a module's index spaces in canonical form: what FunctionPass, the interpreter's preparation
// and the compilers ask about a module. Made by building it from a decoded module, which checks the type
// section and every index and type that the other definitions name, but no expression.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "validate/type_registry.hpp"
#include "wasm/module.hpp"

namespace cloche::validate {

/// Types here are canonical. Immutable once built; keeps the module, not the registry, which must outlive it.
class ModuleTypes {
 public:
  /// Fails: invalid (with the offset of the definition), limit_exceeded.
  static wasm::Result<ModuleTypes> build(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry);

  const wasm::Module& module() const { return *module_; }
  const std::shared_ptr<const wasm::Module>& shared_module() const { return module_; }
  const TypeRegistry& registry() const { return *registry_; }

  size_t type_count() const { return canonical_.size(); }
  CanonType canonical(wasm::TypeIdx type) const { return canonical_[type.value]; }
  const std::vector<CanonType>& canonical_types() const { return canonical_; }
  /// A value type of the module as a canonical one; its type indices must exist.
  wasm::ValType canonical(wasm::ValType type) const {
    if (!type.is_ref() || !type.heap().is_concrete()) return type;
    return wasm::ValType::ref(heap_type(canonical(type.heap().index())), type.is_nullable());
  }
  wasm::HeapType canonical(wasm::HeapType type) const {
    return type.is_concrete() ? heap_type(canonical(type.index())) : type;
  }
  const CanonicalType& type(wasm::TypeIdx type) const { return *types_[type.value]; }
  /// The type with that index, or null when there is none.
  const CanonicalType* find_type(uint32_t index) const {
    return index < types_.size() ? types_[index] : nullptr;
  }

  // Index spaces, imports first.
  const std::vector<const CanonicalType*>& funcs() const { return funcs_; }
  const std::vector<wasm::GlobalType>& globals() const { return globals_; }
  const std::vector<const CanonicalType*>& tags() const { return tags_; }
  const std::vector<wasm::ValType>& tables() const { return tables_; }  // element types
  const std::vector<wasm::ValType>& elems() const { return elems_; }
  /// Whether a function may be named by ref.func in bodies: it stands in an element segment, export, or
  /// initializer (spec: Validation / Modules, `refs`).
  bool is_declared(uint32_t func) const { return declared_[func]; }
  wasm::ValType table_addr(uint32_t table) const {
    return wasm::addr_type(module_->tables[table].type.limits);
  }
  wasm::ValType mem_addr(uint32_t mem) const { return wasm::addr_type(module_->mems[mem].type.limits); }

  bool matches(wasm::ValType sub, wasm::ValType super) const { return registry_->matches(sub, super); }
  bool matches(wasm::HeapType sub, wasm::HeapType super) const { return registry_->matches(sub, super); }

  /// Fails with unknown_type unless every type index in `type` exists.
  wasm::Result<void> check(wasm::ValType type, uint64_t offset) const;

  /// A canonical type as the module would write it: with its own type indices.
  std::string to_string(wasm::ValType type) const;
  std::string to_string(std::span<const wasm::ValType> types) const;

 private:
  ModuleTypes(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry)
      : module_(std::move(module)), registry_(&registry) {}
  class Builder;

  std::shared_ptr<const wasm::Module> module_;
  TypeRegistry* registry_;
  std::vector<CanonType> canonical_;
  std::vector<const CanonicalType*> types_;
  std::vector<const CanonicalType*> funcs_;
  std::vector<wasm::GlobalType> globals_;
  std::vector<const CanonicalType*> tags_;
  std::vector<wasm::ValType> tables_;
  std::vector<wasm::ValType> elems_;
  std::vector<bool> declared_;  // by function index
};

}  // namespace cloche::validate
