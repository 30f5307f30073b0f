// Validation of whole modules (spec: Validation / Modules). Only it can make a ValidatedModule, and
// everything that runs or compiles code wants one.
#pragma once

#include <memory>

#include "validate/function_pass.hpp"
#include "validate/module_types.hpp"

namespace cloche::validate {

/// A module that is valid, with its types. Immutable and cheap to copy. The registry must outlive it.
class ValidatedModule {
 public:
  const wasm::Module& module() const { return types_->module(); }
  const ModuleTypes& types() const { return *types_; }
  CanonType canonical(wasm::TypeIdx type) const { return types_->canonical(type); }
  wasm::ValType canonical(wasm::ValType type) const { return types_->canonical(type); }

 private:
  explicit ValidatedModule(std::shared_ptr<const ModuleTypes> types) : types_(std::move(types)) {}
  friend wasm::Result<ValidatedModule> validate(std::shared_ptr<const wasm::Module> module,
                                                TypeRegistry& registry);

  std::shared_ptr<const ModuleTypes> types_;
};

/// Validates a decoded module under its own features. Fails: invalid, malformed (what the decoder cannot see:
/// inside bodies), limit_exceeded; offsets count from the start of the module.
wasm::Result<ValidatedModule> validate(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry);

/// The validator's own pass. One per thread.
using ValidatorPass = FunctionPass<NoSink>;
extern template class FunctionPass<NoSink>;

/// Checks the body of one defined function; `pass` was made for the same `types`.
wasm::Result<void> validate_function(const ModuleTypes& types, uint32_t defined_index, ValidatorPass& pass);

/// Checks everything but the bodies of functions.
wasm::Result<void> validate_definitions(const ModuleTypes& types);

/// The same without stopping at the first error: at most `most` of them, one of each definition.
std::vector<wasm::Error> all_definition_errors(const ModuleTypes& types, size_t most);

}  // namespace cloche::validate
