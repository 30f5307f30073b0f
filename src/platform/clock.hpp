// Time for the engine's own use: waits with a timeout, measurements.
#pragma once

#include <cstdint>

namespace cloche::platform {

/// Nanoseconds since some fixed point; never goes backwards.
uint64_t monotonic_ns();

}  // namespace cloche::platform
