// Number literals (spec: Text Format / Values): exact integers, correctly rounded floats, NaN payloads.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_block.hpp"

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

/// The value of a literal of 1 to 8 decimal digits and nothing else; false when it is anything else. Of the
/// literal [at, at + size) all eight bytes from `at` on are readable.
inline bool parse_short_natural(const char* at, size_t size, uint64_t& value) {
  constexpr uint64_t zeros = 0x3030303030303030;
  // The digits at the high end, behind zeros that count nothing.
  const uint64_t digits = (base::load_little_endian(at) << (64 - 8 * size)) | (zeros >> 4 * size) >> 4 * size;
  const uint64_t beyond_nine = digits + 0x0606060606060606;
  if (((digits & 0xF0F0F0F0F0F0F0F0) | (beyond_nine & 0xF0F0F0F0F0F0F0F0) >> 4) != 0x3333333333333333)
    return false;
  // Neighbours are added up: digits to pairs, pairs to fours, fours to the number.
  const uint64_t pairs = ((digits - zeros) * 10 + ((digits - zeros) >> 8)) & 0x00FF00FF00FF00FF;
  const uint64_t fours = (pairs * 100 + (pairs >> 16)) & 0x0000FFFF0000FFFF;
  value = (fours * 10000 + (fours >> 32)) & 0xFFFFFFFF;
  return true;
}

/// An integer literal of `bits` (8 to 64) bits, signed or unsigned; the value is its two's complement.
NumberStatus parse_integer(std::string_view text, unsigned bits, uint64_t& value);

/// A float literal as its IEEE 754 bits, rounded to nearest, ties to even. Integer literals are float
/// literals too.
NumberStatus parse_f32(std::string_view text, uint32_t& bits);
NumberStatus parse_f64(std::string_view text, uint64_t& bits);

}  // namespace cloche::text
