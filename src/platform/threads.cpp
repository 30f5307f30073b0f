#include "platform/threads.hpp"

#include <pthread.h>

#include <cstddef>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define CLOCHE_ASAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define CLOCHE_ASAN 1
#endif

#ifdef CLOCHE_ASAN
extern "C" {
void* __asan_get_current_fake_stack();
void* __asan_addr_is_in_fake_stack(void* fake_stack, void* address, void** begin, void** end);
}
#endif

namespace cloche::platform {
namespace {

using Visit = void (*)(void* data, const uintptr_t* begin, const uintptr_t* end);

struct StackBounds {
  uintptr_t low = 0;
  uintptr_t high = 0;
};

StackBounds find_stack_bounds() {
  StackBounds bounds;
#ifdef __linux__
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return bounds;
  void* base = nullptr;
  size_t size = 0;
  if (pthread_attr_getstack(&attributes, &base, &size) == 0) {
    bounds.low = reinterpret_cast<uintptr_t>(base);
    bounds.high = bounds.low + size;
  }
  pthread_attr_destroy(&attributes);
#else
  bounds.high = reinterpret_cast<uintptr_t>(pthread_get_stackaddr_np(pthread_self()));
  bounds.low = bounds.high - pthread_get_stacksize_np(pthread_self());
#endif
  return bounds;
}

const StackBounds& stack_bounds() {
  static thread_local const StackBounds bounds = find_stack_bounds();
  return bounds;
}

bool is_inside(const StackBounds& bounds, uintptr_t address) {
  return address >= bounds.low && address < bounds.high;
}

/// The end of the scan when the caller gave none; `low` itself when this is not the thread's own stack.
uintptr_t top_of_thread_stack(uintptr_t low) {
  const StackBounds& bounds = stack_bounds();
  return is_inside(bounds, low) ? bounds.high : low;
}

#ifdef CLOCHE_ASAN
/// AddressSanitizer keeps locals whose address is taken in frames on its own heap; the stack only points
/// there.
__attribute__((no_sanitize("address"))) void visit_fake_frames(Visit visit, void* data,
                                                               const uintptr_t* begin, const uintptr_t* end) {
  void* const fake_stack = __asan_get_current_fake_stack();
  if (!fake_stack) return;
  for (const uintptr_t* word = begin; word != end; ++word) {
    void* frame_begin = nullptr;
    void* frame_end = nullptr;
    if (__asan_addr_is_in_fake_stack(fake_stack, reinterpret_cast<void*>(*word), &frame_begin, &frame_end))
      visit(data, static_cast<const uintptr_t*>(frame_begin), static_cast<const uintptr_t*>(frame_end));
  }
}
#else
void visit_fake_frames(Visit, void*, const uintptr_t*, const uintptr_t*) {}
#endif

}  // namespace

size_t native_stack_left() {
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const StackBounds& bounds = stack_bounds();
  return is_inside(bounds, frame) ? frame - bounds.low : SIZE_MAX;
}

__attribute__((noinline)) void with_native_stack(const void* top, Visit visit, void* data) {
  // Makes the compiler save every callee-saved register in this frame, just below the frame pointer.
  __builtin_unwind_init();
  constexpr uintptr_t word_mask = sizeof(uintptr_t) - 1;
  constexpr uintptr_t saved_registers_bytes = 256;  // at most: 12 integer and 8 vector registers (AArch64)
  const uintptr_t frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const uintptr_t low = (frame - saved_registers_bytes) & ~word_mask;
  const uintptr_t high = (top ? reinterpret_cast<uintptr_t>(top) : top_of_thread_stack(frame)) & ~word_mask;
  if (high > frame) {
    const auto* const begin = reinterpret_cast<const uintptr_t*>(low);
    const auto* const end = reinterpret_cast<const uintptr_t*>(high);
    visit(data, begin, end);
    visit_fake_frames(visit, data, begin, end);
  }
  __asm__ volatile("" ::: "memory");  // no tail call: it would drop the frame with the registers
}

}  // namespace cloche::platform
