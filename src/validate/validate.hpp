// Validates modules (spec: Validation / Modules).
#pragma once

#include <memory>

#include "validate/context.hpp"
#include "validate/module_types.hpp"
#include "validate/type_registry.hpp"
#include "wasm/error.hpp"
#include "wasm/module.hpp"

namespace cloche::validate {

/// A module that validated, with what was found out on the way. Only validate() makes one, and everything
/// later requires one. Movable; immutable after validation. The registry must outlive it.
class ValidatedModule {
 public:
  ValidatedModule(ValidatedModule&&) = default;
  ValidatedModule& operator=(ValidatedModule&&) = default;

  const wasm::Module& module() const { return *module_; }
  const std::shared_ptr<const wasm::Module>& module_ptr() const { return module_; }
  const ModuleTypes& types() const { return *types_; }
  CanonType canonical(wasm::TypeIdx type) const { return types_->canonical(type); }
  wasm::ValType canonical(wasm::ValType type) const { return types_->canonical(type); }
  /// For passes over its bodies.
  Context context() const { return Context(*module_, *types_, *declared_); }

 private:
  friend class ModuleValidator;
  ValidatedModule() = default;

  std::shared_ptr<const wasm::Module> module_;
  std::unique_ptr<ModuleTypes> types_;
  std::unique_ptr<std::vector<bool>> declared_;
};

/// Checks everything, function bodies included. Fails: invalid, malformed (inside bodies), limit_exceeded.
wasm::Result<ValidatedModule> validate(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry);

}  // namespace cloche::validate
