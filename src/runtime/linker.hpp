// Names for a store's objects, and the resolution of a module's imports by them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store.hpp"

namespace cloche::runtime {

/// Maps (module, name) to objects of one store.
class Linker {
 public:
  explicit Linker(Store& store) : store_(store) {}

  /// Fails: duplicate_definition, foreign_object.
  wasm::Result<void> define(std::string_view module, std::string_view name, const Extern& object);
  /// The same, replacing what was there.
  wasm::Result<void> redefine(std::string_view module, std::string_view name, const Extern& object);
  /// Every export of the instance under a module name, replacing all that stood under that name before.
  wasm::Result<void> define_instance(std::string_view module, const Instance& instance);
  std::optional<Extern> find(std::string_view module, std::string_view name) const;

  /// The objects for a module's imports, in its order. Fails: unknown_import, incompatible_import.
  wasm::Result<std::vector<Extern>> resolve(const Module& module) const;
  /// resolve and Store::instantiate.
  Outcome<Instance*> instantiate(const std::shared_ptr<Module>& module) const;

 private:
  using Names = std::map<std::string, Extern, std::less<>>;
  Store& store_;
  std::map<std::string, Names, std::less<>> modules_;
};

}  // namespace cloche::runtime
