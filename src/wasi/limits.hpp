// Bounds of what a guest chooses; limits.def is the list.
#pragma once

#include <cstdint>

namespace cloche::wasi::limits {
#define LIMIT(name, value, counts) inline constexpr uint32_t name = value;
#include "wasi/limits.def"
#undef LIMIT
}  // namespace cloche::wasi::limits
