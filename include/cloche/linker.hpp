// Linker: names for what modules may import.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "cloche/store.hpp"

namespace cloche {

namespace detail {
struct ApiAccess;
struct LinkerState;
}  // namespace detail

/// Maps (module name, item name) to items of one store and instantiates modules against them. A guest gets
/// exactly what was defined here. The store must outlive the linker; it may be moved.
class Linker {
 public:
  explicit Linker(Store& store);
  Linker(Linker&&) noexcept;
  Linker& operator=(Linker&&) noexcept;
  ~Linker();

  /// Defines one item. Fails: unlinkable, when the name is taken; usage, when the item is of another store.
  Result<void> define(std::string_view module, std::string_view name, const Func& func);
  Result<void> define(std::string_view module, std::string_view name, const Memory& memory);
  Result<void> define(std::string_view module, std::string_view name, const Table& table);
  Result<void> define(std::string_view module, std::string_view name, const Global& global);
  Result<void> define(std::string_view module, std::string_view name, const Tag& tag);
  /// Defines a host function from a callable; see Func::wrap.
  template <class F>
  Result<void> func(std::string_view module, std::string_view name, F f) {
    return define(module, name, Func::wrap_in(store(), std::move(f)));
  }
  /// Defines every export of an instance under a module name, in place of all that stood under that name.
  /// Fails: usage, when the instance is of another store.
  Result<void> define_instance(std::string_view module, const Instance& instance);

  /// Whether something is defined under that name.
  bool has(std::string_view module, std::string_view name) const;

  /// Resolves the module's imports, instantiates it and runs its start function (spec: Instantiation).
  /// Fails: unlinkable, with both types in the message; trap; resource; usage, for a module of another
  /// engine. A failed instantiation leaves what the specification says it leaves, and nothing else.
  Result<Instance> instantiate(const Module& module);

 private:
  friend struct detail::ApiAccess;
  void* store() const;
  std::unique_ptr<detail::LinkerState> state_;
};

}  // namespace cloche
