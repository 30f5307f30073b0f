#include "runtime/faults.hpp"

#include "interp/fault.hpp"
#include "platform/signals.hpp"

namespace cloche::runtime {
namespace {

/// Only the instructions that access guest memory are known to resume_after_fault, so a fault anywhere else,
/// in the runtime or the host, stays what it is.
bool answer(platform::Fault& fault) {
  const uintptr_t resume = interp::resume_after_fault(fault.pc());
  if (resume == 0) return false;
  fault.set_pc(resume);
  return true;
}

}  // namespace

bool install_guard_page_traps() { return platform::install_fault_handler(answer); }

}  // namespace cloche::runtime
