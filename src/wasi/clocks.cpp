#include "wasi/clocks.hpp"

#include <algorithm>

namespace cloche::wasi {

using platform::ClockId;

Clocks::Clocks(const Settings& settings)
    : resolution_ns_(std::max<uint64_t>(settings.clock_resolution_ns, 1)),
      start_ns_(platform::monotonic_ns()),
      is_virtual_(settings.deterministic_seed.has_value()) {}

uint64_t Clocks::resolution_ns(ClockId clock) const {
  return is_virtual_ ? resolution_ns_ : std::max(resolution_ns_, platform::clock_resolution_ns(clock));
}

uint64_t Clocks::now_ns(ClockId clock) {
  if (is_virtual_) return virtual_ns_.fetch_add(resolution_ns_, std::memory_order_relaxed);
  const uint64_t now = platform::clock_ns(clock) - (clock == ClockId::monotonic ? start_ns_ : 0);
  return now - now % resolution_ns_;
}

}  // namespace cloche::wasi
