// How much each function needs of the three stacks: the engine's value stack and frames, and the program's
// shadow stack in linear memory.
#pragma once

#include <map>
#include <string>

#include "debug/shadow_watch.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

class StackReport final : public interp::Monitor {
 public:
  explicit StackReport(runtime::Store& store);

  /// High-water marks: of the whole run, and per function, the deepest first.
  std::string text() const;

  void instance_ready(abi::Instance* instance) override;
  wasm::TrapCode before(const abi::Site& site) override;

 private:
  struct Marks {
    uint64_t calls = 0;
    uint64_t frames = 0;        // activations at most while it ran, itself included
    uint64_t value_bytes = 0;   // of the value stack, at most
    uint64_t own_bytes = 0;     // of it, its own locals and operands
    uint64_t shadow_bytes = 0;  // of the shadow stack below its beginning, at most
    uint64_t shadow_frame = 0;  // by which it moved the pointer down at once, at most
  };
  void entered_function(const abi::Site& site);
  void moves_pointer(const abi::Site& site);

  /// Watches entries of functions.
  struct Entries final : interp::Monitor {
    explicit Entries(StackReport& to) : report(to) {}
    wasm::TrapCode before(const abi::Site& site) override {
      report.entered_function(site);
      return wasm::TrapCode::none;
    }
    StackReport& report;
  };

  Entries entries_;
  WatchedStacks stacks_;
  std::map<const abi::FuncObject*, Marks> functions_;
  Marks total_;
};

}  // namespace cloche::debug
