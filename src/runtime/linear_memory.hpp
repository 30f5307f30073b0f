// Linear memory: a reservation whose pages are committed as the memory grows, so that it never moves.
//
// A guarded 32-bit memory reserves 2 GiB before its base and 8 GiB + 64 KiB after it: every sum of a 32-bit
// address, a 32-bit offset and an access of up to 64 KiB stays inside, and a wrong sign extension of 32 bits
// stays before it. What is not committed has no access, so an access out of bounds faults. Memories with
// 64-bit addresses or pages of one byte, and all memories where the host refuses such a reservation, are
// compared explicitly.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "abi/instance.hpp"
#include "platform/pages.hpp"
#include "wasm/types.hpp"

namespace cloche::runtime {

/// Owner of an abi::Memory. Shared between stores when the memory is shared. Growth is thread-safe.
class LinearMemory : public std::enable_shared_from_this<LinearMemory> {
 public:
  struct Options {
    bool guard_pages = true;
    uint64_t max_bytes = ~uint64_t{0};  // whatever the type allows
  };

  /// Null when the host refuses the minimum size, or it is above the limits for memories at run time.
  static std::shared_ptr<LinearMemory> create(const wasm::MemType& type, const Options& options);

  abi::Memory* abi() { return &abi_; }
  const wasm::MemType& declared() const { return type_; }
  static LinearMemory* of(const abi::Memory* memory) { return static_cast<LinearMemory*>(memory->owner); }

  /// Grows by pages of the memory's own size. The old size in pages, or ~0 when the limits or the host
  /// refuse.
  uint64_t grow(uint64_t delta_pages);

  /// The whole reservation, for fault attribution and maps.
  const uint8_t* reserved_begin() const { return reservation_.data(); }
  const uint8_t* reserved_end() const { return reservation_.data() + reservation_.size(); }

 private:
  LinearMemory() = default;
  bool reserve(uint64_t min_bytes, uint64_t max_bytes, bool guard_pages);

  wasm::MemType type_;
  platform::Reservation reservation_;
  uint64_t reserved_bytes_ = 0;  // usable from base on
  uint64_t max_bytes_ = 0;
  std::mutex grow_mutex_;
  abi::Memory abi_;
};

}  // namespace cloche::runtime
