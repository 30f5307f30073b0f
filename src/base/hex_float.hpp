// Floats as hexadecimal literals of the text format, every bit kept: 0x1.8p+1, -0x1p-149, inf, nan:0x200000.
#pragma once

#include <cstdint>
#include <string>

namespace cloche::base {

/// The literal of a 32-bit float. A NaN is written `nan` when its payload is the canonical one.
std::string hex_f32(uint32_t bits);
std::string hex_f64(uint64_t bits);

}  // namespace cloche::base
