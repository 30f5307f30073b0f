// Number literals (spec: Text Format / Values): exact integers, correctly rounded floats, NaN payloads.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloche::text {

enum class NumberShape : uint8_t {
  none,     // not a number of the text format
  natural,  // unsigned integer
  integer,  // integer with a sign
  real,     // float, inf or nan
};

/// What kind of literal the whole of `text` is.
NumberShape number_shape(std::string_view text);

enum class NumberStatus : uint8_t { ok, malformed, out_of_range };

/// An unsigned integer literal of at most `max`.
NumberStatus parse_natural(std::string_view text, uint64_t max, uint64_t& value);

/// An integer literal of `bits` (8 to 64) bits, signed or unsigned; the value is its two's complement.
NumberStatus parse_integer(std::string_view text, unsigned bits, uint64_t& value);

/// A float literal as its IEEE 754 bits, rounded to nearest, ties to even. Integer literals are float
/// literals too.
NumberStatus parse_f32(std::string_view text, uint32_t& bits);
NumberStatus parse_f64(std::string_view text, uint64_t& bits);

}  // namespace cloche::text
