// What stands behind the public handles: the states they own and the way from a handle to the runtime's
// object and back.
#pragma once

#include <memory>
#include <utility>

#include "cloche/cloche.hpp"
#include "debug/trap_report.hpp"
#include "runtime/engine.hpp"
#include "runtime/linker.hpp"
#include "runtime/module.hpp"
#include "runtime/store.hpp"
#include "runtime/value.hpp"

namespace cloche::detail {

struct EngineState {
  std::shared_ptr<runtime::Engine> engine;
};

struct ModuleState {
  std::shared_ptr<runtime::Module> module;
};

struct StoreState {
  std::unique_ptr<runtime::Store> store;
  std::unique_ptr<debug::TrapReporter> trap_reporter;  // null: traps are brief
};

struct LinkerState {
  explicit LinkerState(runtime::Store& owner) : store(&owner), linker(owner) {}
  runtime::Store* store;
  runtime::Linker linker;
};

/// A reference other than null; the value roots its object.
struct RefHandle {
  runtime::Value value;
};

/// The one class that sees into the public ones. Handles are a store and an object in it, as untyped
/// pointers, so that public headers name nothing of the runtime.
struct ApiAccess {
  static Engine engine(std::shared_ptr<runtime::Engine> made) {
    Engine engine;
    engine.state_ = std::make_shared<EngineState>(EngineState{std::move(made)});
    return engine;
  }
  static const std::shared_ptr<runtime::Engine>& of(const Engine& engine) { return engine.state_->engine; }

  static Module module(std::shared_ptr<runtime::Module> made) {
    Module module;
    module.state_ = std::make_shared<ModuleState>(ModuleState{std::move(made)});
    return module;
  }
  static const std::shared_ptr<runtime::Module>& of(const Module& module) { return module.state_->module; }

  static Store store(std::unique_ptr<runtime::Store> made) {
    return Store(std::make_unique<StoreState>(StoreState{std::move(made), nullptr}));
  }
  static runtime::Store& of(const Store& store) { return *store.state_->store; }

  static LinkerState& of(const Linker& linker) { return *linker.state_; }

  static runtime::Func of(const Func& func) { return extern_of<runtime::Func, abi::FuncObject>(func); }
  static runtime::Memory of(const Memory& memory) { return extern_of<runtime::Memory, abi::Memory>(memory); }
  static runtime::Table of(const Table& table) { return extern_of<runtime::Table, abi::Table>(table); }
  static runtime::Global of(const Global& global) { return extern_of<runtime::Global, abi::Global>(global); }
  static runtime::Tag of(const Tag& tag) { return extern_of<runtime::Tag, abi::Tag>(tag); }
  static runtime::Instance& of(const Instance& instance) {
    return *static_cast<runtime::Instance*>(instance.object_);
  }

  /// The runtime's store of a handle.
  template <class Handle>
  static runtime::Store& store_of(const Handle& handle) {
    return *static_cast<runtime::Store*>(handle.store_);
  }

  static Func handle(const runtime::Func& func) { return make<Func>(func.store, func.object); }
  static Memory handle(const runtime::Memory& memory) { return make<Memory>(memory.store, memory.object); }
  static Table handle(const runtime::Table& table) { return make<Table>(table.store, table.object); }
  static Global handle(const runtime::Global& global) { return make<Global>(global.store, global.object); }
  static Tag handle(const runtime::Tag& tag) { return make<Tag>(tag.store, tag.object); }
  static Instance handle(runtime::Instance* instance) { return make<Instance>(instance->store(), instance); }

  static Caller caller(const runtime::HostCall& call) {
    Caller caller;
    caller.store_ = &call.store;
    caller.instance_ = call.caller;
    return caller;
  }
  static runtime::Instance* instance_of(const Caller& caller) {
    return static_cast<runtime::Instance*>(caller.instance_);
  }

  static Ref ref(const runtime::Value& value) {
    Ref ref;
    if (!value.is_null()) ref.handle_ = std::make_shared<const RefHandle>(RefHandle{value});
    return ref;
  }
  /// Null for the null reference.
  static const runtime::Value* value_of(const Ref& ref) {
    return ref.handle_ ? &ref.handle_->value : nullptr;
  }

  static uint32_t feature_bits(const Config& config) { return config.feature_bits_; }

 private:
  template <class External, class Object, class Handle>
  static External extern_of(const Handle& handle) {
    return {static_cast<runtime::Store*>(handle.store_), static_cast<Object*>(handle.object_)};
  }
  template <class Handle>
  static Handle make(runtime::Store* store, void* object) {
    Handle handle;
    handle.store_ = store;
    handle.object_ = object;
    return handle;
  }
};

}  // namespace cloche::detail
