// The lines of wasm-interp --trace and spectest-interp --trace: every instruction before it is executed, with
// its operands.
//
//     #1.   41: V:3  | i32.le_s 3, 1
//
// The depth of calls; the instruction's offset in the module, as wasm-objdump shows it, but in decimal; slots
// in use on the value stack, locals included; the instruction.
#pragma once

#include "interp/probes.hpp"
#include "runtime/store.hpp"

namespace cloche::cli {

/// Prints to standard output for as long as it lives.
class Tracer final : public interp::Monitor {
 public:
  explicit Tracer(runtime::Store& store) { store.probes().attach(*this, interp::all_ops()); }
  wasm::TrapCode before(const abi::Site& site) override;
};

}  // namespace cloche::cli
