// Hexadecimal literals of floats name every bit.
#include "base/hex_float.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>

namespace cloche::base {
namespace {

TEST(HexFloat, SpecialValues) {
  EXPECT_EQ(hex_f32(0), "0x0p+0");
  EXPECT_EQ(hex_f32(0x80000000), "-0x0p+0");
  EXPECT_EQ(hex_f32(0x7F800000), "inf");
  EXPECT_EQ(hex_f32(0x7FC00000), "nan");
  EXPECT_EQ(hex_f32(0xFF800ABC), "-nan:0xabc");
  EXPECT_EQ(hex_f32(1), "0x1p-149");
  EXPECT_EQ(hex_f64(1), "0x1p-1074");
  EXPECT_EQ(hex_f64(0x7FF8000000000000), "nan");
  EXPECT_EQ(hex_f64(0x7FF0000000000ABC), "nan:0xabc");
}

TEST(HexFloat, ReadsBackAsTheSameBits) {
  uint64_t bits = 1;
  for (int i = 0; i < 20'000; ++i) {
    bits = bits * 6364136223846793005u + 1442695040888963407u;
    const double value = std::bit_cast<double>(bits);
    if (!std::isnan(value)) {
      EXPECT_EQ(std::bit_cast<uint64_t>(std::strtod(hex_f64(bits).c_str(), nullptr)), bits) << hex_f64(bits);
    }
    const auto narrow = static_cast<uint32_t>(bits >> 32);
    if (!std::isnan(std::bit_cast<float>(narrow))) {
      EXPECT_EQ(std::bit_cast<uint32_t>(std::strtof(hex_f32(narrow).c_str(), nullptr)), narrow)
          << hex_f32(narrow);
    }
  }
}

}  // namespace
}  // namespace cloche::base
