// The calling thread's native stack: how much is left, and its words for the collector's conservative scan.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cloche::platform {

/// Bytes between the caller's frame and the end of the thread's stack; SIZE_MAX when that is not known (a
/// fiber, a signal stack).
size_t native_stack_left();

/// Calls `visit(data, begin, end)` with the words in use of the calling thread's native stack up to `top`, an
/// address on the same stack above the caller (from __builtin_frame_address), callee-saved registers spilled
/// below: [begin, end), aligned to words. A null `top` means the whole stack of the thread, and nothing when
/// the caller runs on another stack (a fiber, a signal stack). Under a memory checker that moves locals
/// elsewhere, `visit` is called for these too.
void with_native_stack(const void* top,
                       void (*visit)(void* data, const uintptr_t* begin, const uintptr_t* end), void* data);

}  // namespace cloche::platform
