// Time: for the engine's own use (waits with a timeout, measurements) and for guests.
#pragma once

#include <cstdint>

namespace cloche::platform {

/// Nanoseconds since some fixed point; never goes backwards.
uint64_t monotonic_ns();

/// The clocks a guest may ask for.
enum class ClockId : uint8_t { realtime, monotonic, process_cpu, thread_cpu };

/// Nanoseconds: since 1970 (realtime), since some fixed point (monotonic), of processor time used.
uint64_t clock_ns(ClockId clock);
/// The system's own resolution of the clock, at least 1.
uint64_t clock_resolution_ns(ClockId clock);

}  // namespace cloche::platform
