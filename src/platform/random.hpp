// Random bytes that nobody can foretell.
#pragma once

#include <cstdint>
#include <span>

#include "platform/errno.hpp"

namespace cloche::platform {

/// Fills `bytes` from the system's generator. Fails with what the system says.
SystemResult<void> fill_random(std::span<uint8_t> bytes);

}  // namespace cloche::platform
