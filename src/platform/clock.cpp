#include "platform/clock.hpp"

#include <time.h>

namespace cloche::platform {
namespace {

constexpr clockid_t system_clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
                                       CLOCK_THREAD_CPUTIME_ID};

uint64_t to_ns(const timespec& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

uint64_t monotonic_ns() { return clock_ns(ClockId::monotonic); }

uint64_t clock_ns(ClockId clock) {
  timespec now = {};
  clock_gettime(system_clocks[static_cast<int>(clock)], &now);
  return to_ns(now);
}

uint64_t clock_resolution_ns(ClockId clock) {
  timespec resolution = {};
  clock_getres(system_clocks[static_cast<int>(clock)], &resolution);
  const uint64_t ns = to_ns(resolution);
  return ns == 0 ? 1 : ns;
}

}  // namespace cloche::platform
