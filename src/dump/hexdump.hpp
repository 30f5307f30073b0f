// Bytes as lines of sixteen: offset, pairs of bytes in hexadecimal, characters.
#pragma once

#include <span>
#include <string_view>

#include "base/output.hpp"

namespace cloche::dump {

/// Every line begins with `prefix`; offsets count from `base`.
void put_hexdump(base::Output& out, std::span<const uint8_t> bytes, uint64_t base, std::string_view prefix);

}  // namespace cloche::dump
