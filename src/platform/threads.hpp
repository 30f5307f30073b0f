// The calling thread's native stack, for the collector's conservative scan.
#pragma once

#include <cstdint>

namespace cloche::platform {

/// Highest address of the calling thread's native stack (stacks grow downwards here), or null when the host does
/// not say. Cached per thread.
const void* native_stack_top();

/// Calls `visit(data, begin, end)` with the words in use of the calling thread's native stack, callee-saved
/// registers spilled into it: [begin, end), aligned to words.
void with_native_stack(void (*visit)(void* data, const uintptr_t* begin, const uintptr_t* end), void* data);

}  // namespace cloche::platform
