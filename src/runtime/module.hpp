// A validated module ready to be instantiated: its decoded form, the code of its functions, its names.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "abi/instance.hpp"
#include "runtime/engine.hpp"
#include "validate/validate.hpp"
#include "wasm/error.hpp"
#include "wasm/module.hpp"

namespace cloche::runtime {

/// Immutable but for lazily prepared code. May be instantiated in any store of its engine, from any thread.
class Module {
 public:
  /// Decodes and validates. Fails: malformed, invalid, limit.
  static wasm::Result<std::shared_ptr<Module>> compile(std::shared_ptr<Engine> engine,
                                                       wasm::ModuleBytes bytes);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  const std::shared_ptr<Engine>& engine() const { return engine_; }
  const wasm::Module& decoded() const { return validated_.module(); }
  const validate::ValidatedModule& validated() const { return validated_; }
  /// The code of a defined function.
  abi::FuncCode* code(uint32_t defined_index) const { return &codes_[defined_index]; }
  /// Canonical type of a type index of the module.
  uint32_t canonical(wasm::TypeIdx type) const { return canonical_types_[type.value]; }
  wasm::ValType canonical(wasm::ValType type) const;
  /// Slots of a function type's parameters and results.
  uint32_t param_slots(wasm::TypeIdx type) const { return slots_[type.value].params; }
  uint32_t result_slots(wasm::TypeIdx type) const { return slots_[type.value].results; }
  const uint32_t* canonical_types() const { return canonical_types_.data(); }
  const abi::Rtt* const* rtts() const { return rtts_.data(); }

  /// The function's name: from the name section, else the first export of it, else empty. Names are decoded
  /// at the first call. Thread-safe.
  std::string func_name(wasm::FuncIdx func) const;
  /// The module's own name, or empty.
  std::string name() const;

 private:
  Module(std::shared_ptr<Engine> engine, validate::ValidatedModule validated);
  void load_names() const;

  std::shared_ptr<Engine> engine_;
  validate::ValidatedModule validated_;
  std::unique_ptr<abi::FuncCode[]> codes_;
  std::vector<uint32_t> canonical_types_;
  std::vector<const abi::Rtt*> rtts_;
  struct Slots {
    uint32_t params;
    uint32_t results;
  };
  std::vector<Slots> slots_;

  struct Names;
  mutable std::once_flag names_once_;
  mutable std::unique_ptr<Names> names_;
};

}  // namespace cloche::runtime
