// Hardware faults: one process-wide handler for SIGSEGV and SIGBUS that asks registered callbacks whether a
// fault is theirs and passes every other fault on to the handler that was there before, or to the default
// action. Everything that runs in the handler is async-signal-safe: no allocation, no lock.
#pragma once

#include <cstdint>

namespace cloche::platform {

/// A fault as the handler sees it. Valid only inside the callback.
class Fault {
 public:
  Fault(uintptr_t address, void* ucontext) : address_(address), ucontext_(ucontext) {}

  /// The address whose access faulted; 0 when the hardware does not say.
  uintptr_t address() const { return address_; }
  /// The faulting instruction.
  uintptr_t pc() const;
  /// Execution goes on there when the callback returns true.
  void set_pc(uintptr_t pc);
  uintptr_t sp() const;
  /// The host's ucontext_t, for callers that must read or set more registers.
  void* ucontext() const { return ucontext_; }

 private:
  uintptr_t address_;
  void* ucontext_;
};

/// Returns true when the fault was the callback's and execution can go on (it has usually moved the pc).
/// Must be async-signal-safe.
using FaultCallback = bool (*)(Fault& fault);

/// Adds a callback and, the first time, installs the handler; a callback already there is not added twice.
/// Thread-safe. False when the host refuses or all places (8) are taken. Callbacks stay for the process's
/// life.
bool install_fault_handler(FaultCallback callback);

/// Gives the calling thread an alternate signal stack of at least AT_MINSIGSTKSZ and 64 KiB, unless it
/// already has one that large. It is freed when the thread ends. False when memory for it is refused.
bool ensure_signal_stack();

/// True when the build's memory checker keeps the program from handling hardware faults as usual.
bool faults_belong_to_sanitizer();

}  // namespace cloche::platform
