// Traps that tell: what the machine shows at a trap, in words. Everything is found out after the trap, from
// the frames and the value stack as they still stand, so nothing is paid before.
#pragma once

#include <string>

#include "interp/probes.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

/// Looks on at a store, and puts the report of each trap into its detail (Trap::detail), lines with '\n'
/// between them.
class TrapReporter final : public interp::Monitor {
 public:
  /// With `explain` a report ends with a paragraph on what usually causes such a trap.
  explicit TrapReporter(runtime::Store& store, bool explain = false);
  void trapped(abi::Context* context, const abi::Site* site) override;

 private:
  runtime::Store& store_;
  bool explain_;
};

/// The report of the trap in context->trap, which happened at `site` (null: at no instruction). Lines end
/// with '\n'.
std::string describe_trap(runtime::Store& store, const abi::Context& context, const abi::Site* site);

/// What usually causes traps of this kind, and what to look at; a paragraph without line breaks, or empty.
std::string_view trap_advice(wasm::TrapCode code);

}  // namespace cloche::debug
