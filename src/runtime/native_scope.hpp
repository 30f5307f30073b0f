// What every entry from the host into a store does first.
#pragma once

#include "abi/context.hpp"
#include "platform/signals.hpp"
#include "runtime/gc_heap.hpp"
#include "runtime/parking.hpp"

namespace cloche::runtime {

/// While it exists, the collector scans the native stack up to the frame of the outermost entry (the host's
/// own frames above hold references only as Roots), and the store's interrupt flag ends waits. Also gives the
/// thread its signal stack.
class NativeScope {
 public:
  __attribute__((always_inline)) NativeScope(GcHeap& heap, const abi::Context& context)
      : heap_(heap),
        outer_base_(heap.set_native_base(__builtin_frame_address(0))),
        outer_interrupt_(set_wait_interrupt(&context.interrupt)) {
    if (outer_base_)
      heap_.set_native_base(outer_base_);
    else
      platform::ensure_signal_stack();
  }
  ~NativeScope() {
    heap_.set_native_base(outer_base_);
    set_wait_interrupt(outer_interrupt_);
  }
  NativeScope(const NativeScope&) = delete;
  NativeScope& operator=(const NativeScope&) = delete;

 private:
  GcHeap& heap_;
  const void* outer_base_;
  const std::atomic<bool>* outer_interrupt_;
};

}  // namespace cloche::runtime
