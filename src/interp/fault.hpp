// Hardware faults of guest accesses: the fault handler of the platform asks here where to go on.
#pragma once

#include <cstdint>

namespace cloche::interp {

/// Where execution goes on after the instruction at `pc` faulted, or 0 when it is no guest access of the
/// interpreter. Async-signal-safe. There the access becomes an out_of_bounds_memory_access trap.
uintptr_t resume_after_fault(uintptr_t pc);

}  // namespace cloche::interp
