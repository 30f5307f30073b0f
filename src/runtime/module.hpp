// A validated module ready to be instantiated: its decoded form, the code of its functions, its names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "abi/instance.hpp"
#include "runtime/engine.hpp"
#include "symbols/symbols.hpp"
#include "validate/validate.hpp"
#include "wasm/error.hpp"
#include "wasm/module.hpp"

namespace cloche::runtime {

/// Immutable but for lazily prepared code. May be instantiated in any store of its engine, from any thread.
class Module {
 public:
  /// Decodes and validates. `source` is the text that the bytes were assembled from, for the lines of
  /// backtraces. Fails: malformed, invalid, limit.
  static wasm::Result<std::shared_ptr<Module>> compile(
      std::shared_ptr<Engine> engine, wasm::ModuleBytes bytes,
      std::shared_ptr<const symbols::TextSource> source = nullptr);
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

  /// Names and source lines. Thread-safe.
  const symbols::Symbols& symbols() const { return symbols_; }
  /// The function's name: from the name section, else an export or import of it, else empty.
  std::string func_name(wasm::FuncIdx func) const {
    return symbols_.names().find(symbols::Space::func, func.value).to_string();
  }
  /// The module's own name, or empty.
  std::string name() const { return std::string(symbols_.names().module()); }

 private:
  Module(std::shared_ptr<Engine> engine, validate::ValidatedModule validated);
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

  symbols::Symbols symbols_;
};

}  // namespace cloche::runtime
