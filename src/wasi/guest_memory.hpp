// The one way to a guest's linear memory: every address and size is checked here, once, before anything is
// touched. The memory may be shared: another thread may change bytes at any moment, so what decides something
// is copied first.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "abi/instance.hpp"
#include "runtime/store.hpp"
#include "wasi/errno.hpp"
#include "wasi/layout.hpp"

namespace cloche::wasi {

/// A linear memory for the length of one call. It may grow meanwhile, but neither moves nor shrinks.
class GuestMemory {
 public:
  /// Notes in `touched`, if that is not null, what is asked for.
  explicit GuestMemory(const abi::Memory& memory, std::vector<runtime::HostTouch>* touched = nullptr)
      : base_(memory.base), size_(memory.size()), memory_(&memory), touched_(touched) {}

  /// `count` records of `record_bytes` at `at`. Fails: fault, when they do not all lie in the memory.
  Or<std::span<uint8_t>> bytes(Ptr at, uint64_t count, uint64_t record_bytes = 1) const {
    // 32 bits times a record's size: no overflow in 64.
    const uint64_t size = count * record_bytes;
    if (at > size_ || size > size_ - at) [[unlikely]]
      return fail(Errno::fault);
    if (touched_ != nullptr) [[unlikely]]
      touched_->push_back({memory_, at, size});
    return std::span<uint8_t>(base_ + at, static_cast<size_t>(size));
  }

  /// Copies a record out. Fails: fault.
  template <class T>
  Or<T> load(Ptr at) const {
    const std::span<uint8_t> from = TRY(bytes(at, sizeof(T)));
    return copy_out<T>(from.data());
  }

  /// Copies a record in. Fails: fault.
  template <class T>
  Done store(Ptr at, const T& value) const {
    const std::span<uint8_t> to = TRY(bytes(at, sizeof(T)));
    memcpy(to.data(), &value, sizeof(T));
    return {};
  }

  /// A record at a checked place. The compiler must not read it twice, since it may differ the second time.
  template <class T>
  static T copy_out(const uint8_t* from) {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    memcpy(static_cast<void*>(&value), from, sizeof(T));
    __asm__ volatile("" : : "r"(&value) : "memory");
    return value;
  }

 private:
  uint8_t* base_;
  uint64_t size_;
  const abi::Memory* memory_;
  std::vector<runtime::HostTouch>* touched_;
};

}  // namespace cloche::wasi
