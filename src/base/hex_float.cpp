#include "base/hex_float.hpp"

#include <bit>

namespace cloche::base {
namespace {

std::string hex_digits(uint64_t value, unsigned count) {
  std::string text;
  while (count-- != 0) text += "0123456789abcdef"[(value >> (count * 4)) & 15];
  return text;
}

std::string hex_number(uint64_t value) {
  return hex_digits(value, (static_cast<unsigned>(std::bit_width(value)) + 3) / 4);
}

/// `fraction` are the bits behind the point, their highest being bit `width - 1`.
std::string significand(uint64_t fraction, unsigned width) {
  const unsigned digits = (width + 3) / 4;
  std::string text = hex_digits(fraction << (digits * 4 - width), digits);
  while (!text.empty() && text.back() == '0') text.pop_back();
  return text.empty() ? "1" : "1." + text;
}

std::string exponent(int power) {
  return (power < 0 ? "p-" : "p+") + std::to_string(power < 0 ? -power : power);
}

/// A float of `fraction_bits` and `exponent_bits`.
std::string hex_float(uint64_t bits, unsigned fraction_bits, unsigned exponent_bits) {
  const uint64_t one = 1;
  const std::string sign = (bits >> (fraction_bits + exponent_bits)) & 1 ? "-" : "";
  const uint64_t fraction = bits & ((one << fraction_bits) - 1);
  const unsigned all_ones = (1u << exponent_bits) - 1;
  const unsigned stored = static_cast<unsigned>(bits >> fraction_bits) & all_ones;
  const int bias = static_cast<int>(all_ones / 2);
  if (stored == all_ones) {
    if (fraction == 0) return sign + "inf";
    return sign + (fraction == one << (fraction_bits - 1) ? "nan" : "nan:0x" + hex_number(fraction));
  }
  if (stored != 0)
    return sign + "0x" + significand(fraction, fraction_bits) + exponent(static_cast<int>(stored) - bias);
  if (fraction == 0) return sign + "0x0p+0";
  // Subnormal: the highest bit becomes the one before the point.
  const unsigned width = static_cast<unsigned>(std::bit_width(fraction)) - 1;
  const int power = 1 - bias - static_cast<int>(fraction_bits - width);
  return sign + "0x" + significand(fraction ^ (one << width), width) + exponent(power);
}

}  // namespace

std::string hex_f32(uint32_t bits) { return hex_float(bits, 23, 8); }
std::string hex_f64(uint64_t bits) { return hex_float(bits, 52, 11); }

}  // namespace cloche::base
