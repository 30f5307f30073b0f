#include "platform/threads.hpp"

#include <pthread.h>

namespace cloche::platform {
namespace {

const void* find_native_stack_top() {
#ifdef __linux__
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nullptr;
  void* base = nullptr;
  size_t size = 0;
  const bool known = pthread_attr_getstack(&attributes, &base, &size) == 0;
  pthread_attr_destroy(&attributes);
  return known ? static_cast<const char*>(base) + size : nullptr;
#else
  return pthread_get_stackaddr_np(pthread_self());
#endif
}

}  // namespace

const void* native_stack_top() {
  static thread_local const void* const top = find_native_stack_top();
  return top;
}

__attribute__((noinline)) void with_native_stack(void (*visit)(void* data, const uintptr_t* begin,
                                                               const uintptr_t* end),
                                                 void* data) {
  // __builtin_unwind_init makes the compiler save every callee-saved register in this frame, which the scan covers.
  __builtin_unwind_init();
  const uintptr_t word_mask = sizeof(uintptr_t) - 1;
  const uintptr_t frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  // The saved registers lie just below the frame pointer; a page below covers this frame whatever its layout.
  volatile uintptr_t marker = 0;
  uintptr_t low = reinterpret_cast<uintptr_t>(&marker);
#if defined(__SANITIZE_ADDRESS__) || (defined(__clang__) && __has_feature(address_sanitizer))
  low = frame;  // `marker` may live in ASan's fake stack
#endif
  if (low > frame) low = frame;
  low = (low - 256) & ~word_mask;  // the registers pushed in the prologue, at most 16 of them
  const uintptr_t high = reinterpret_cast<uintptr_t>(native_stack_top()) & ~word_mask;
  if (high > low) visit(data, reinterpret_cast<const uintptr_t*>(low), reinterpret_cast<const uintptr_t*>(high));
  __asm__ volatile("" ::: "memory");  // keeps the call from becoming a tail call, which would drop the frame
}

}  // namespace cloche::platform
