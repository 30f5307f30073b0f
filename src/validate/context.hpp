// What checking a body needs to know of its module.
#pragma once

#include <vector>

#include "validate/module_types.hpp"
#include "wasm/module.hpp"

namespace cloche::validate {

/// Borrows all of it.
class Context {
 public:
  Context(const wasm::Module& module, const ModuleTypes& types, const std::vector<bool>& declared)
      : module_(&module), types_(&types), declared_(&declared) {}

  const wasm::Module& module() const { return *module_; }
  const ModuleTypes& types() const { return *types_; }
  /// Whether ref.func may name the function in a body (spec: Validation / Conventions / Contexts, "refs").
  bool is_declared(uint32_t func) const { return (*declared_)[func]; }

 private:
  const wasm::Module* module_;
  const ModuleTypes* types_;
  const std::vector<bool>* declared_;
};

}  // namespace cloche::validate
