// The implementation limits as constants: limits::funcs, limits::params, ...
#pragma once

#include <cstdint>

namespace cloche::wasm::limits {

#define LIMIT(name, value, text) inline constexpr uint64_t name = value;
#include "wasm/limits.def"
#undef LIMIT

}  // namespace cloche::wasm::limits
