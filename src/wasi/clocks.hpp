// The clocks as a guest sees them: no finer than they were granted, and of its own where they are
// deterministic.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "platform/clock.hpp"
#include "wasi/settings.hpp"

namespace cloche::wasi {

/// Thread-safe.
class Clocks {
 public:
  explicit Clocks(const Settings& settings);

  uint64_t resolution_ns(platform::ClockId clock) const;
  /// Nanoseconds, a multiple of the resolution. The monotonic clock begins near 0, since the host's tells how
  /// long it has been up.
  uint64_t now_ns(platform::ClockId clock);

  bool is_virtual() const { return is_virtual_; }
  /// Lets virtual time pass, in place of waiting.
  void advance(uint64_t ns) { virtual_ns_.fetch_add(ns, std::memory_order_relaxed); }

 private:
  uint64_t resolution_ns_;
  uint64_t start_ns_;
  bool is_virtual_;
  std::atomic<uint64_t> virtual_ns_{0};
};

}  // namespace cloche::wasi
