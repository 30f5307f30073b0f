// Number literals: ranges of integers, rounding of floats in the hard cases, NaN payloads, malformed
// spellings.
#include "text/number.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <string>

namespace cloche::text {
namespace {

using Status = NumberStatus;

uint64_t f64(std::string_view text) {
  uint64_t bits = 0;
  EXPECT_EQ(parse_f64(text, bits), Status::ok) << text;
  return bits;
}

uint32_t f32(std::string_view text) {
  uint32_t bits = 0;
  EXPECT_EQ(parse_f32(text, bits), Status::ok) << text;
  return bits;
}

TEST(ShortNatural, IsEverythingOfUpToEightDigits) {
  std::mt19937 random(7);
  for (size_t size = 1; size <= 8; ++size)
    for (int round = 0; round < 1000; ++round) {
      std::string digits;
      while (digits.size() < size) digits += static_cast<char>('0' + random() % 10);
      uint64_t value = ~uint64_t{0};
      ASSERT_TRUE(parse_short_natural((digits + "9x ()\n7").data(), size, value)) << digits;
      EXPECT_EQ(value, std::stoull(digits)) << digits;
    }
}

TEST(ShortNatural, IsNothingElse) {
  for (size_t size = 1; size <= 8; ++size)
    for (size_t at = 0; at < size; ++at)
      for (int c = 0; c < 256; ++c) {
        std::string text(16, '9');
        text[at] = static_cast<char>(c);
        uint64_t value = 0;
        EXPECT_EQ(parse_short_natural(text.data(), size, value), c >= '0' && c <= '9')
            << text.substr(0, size);
      }
}

TEST(Integer, Ranges) {
  struct Case {
    std::string_view text;
    unsigned bits;
    Status status;
    uint64_t value;
  };
  const Case cases[] = {
      {"0", 32, Status::ok, 0},
      {"4294967295", 32, Status::ok, 0xFFFFFFFF},
      {"4294967296", 32, Status::out_of_range, 0},
      {"-2147483648", 32, Status::ok, 0x80000000},
      {"-2147483649", 32, Status::out_of_range, 0},
      {"+2147483647", 32, Status::ok, 0x7FFFFFFF},
      {"+2147483648", 32, Status::out_of_range, 0},
      {"-0x80", 8, Status::ok, 0x80},
      {"0xFF", 8, Status::ok, 0xFF},
      {"256", 8, Status::out_of_range, 0},
      {"0xffff_ffff_ffff_ffff", 64, Status::ok, ~uint64_t{0}},
      {"18446744073709551615", 64, Status::ok, ~uint64_t{0}},
      {"18446744073709551616", 64, Status::out_of_range, 0},
      {"-9223372036854775808", 64, Status::ok, uint64_t{1} << 63},
      {"-9223372036854775809", 64, Status::out_of_range, 0},
      {"1_000", 32, Status::ok, 1000},
      {"000000000000000000000000001", 32, Status::ok, 1},
      {"-0", 32, Status::ok, 0},
      {"", 32, Status::malformed, 0},
      {"-", 32, Status::malformed, 0},
      {"0x", 32, Status::malformed, 0},
      {"1__0", 32, Status::malformed, 0},
      {"_1", 32, Status::malformed, 0},
      {"1_", 32, Status::malformed, 0},
      {"0X1", 32, Status::malformed, 0},
      {"0x_1", 32, Status::malformed, 0},
      {"1.0", 32, Status::malformed, 0},
      {"1e3", 32, Status::malformed, 0},
      {"--1", 32, Status::malformed, 0},
      {"0xg", 32, Status::malformed, 0},
  };
  for (const Case& c : cases) {
    uint64_t value = 0;
    ASSERT_EQ(parse_integer(c.text, c.bits, value), c.status) << c.text;
    if (c.status == Status::ok) {
      EXPECT_EQ(value, c.value) << c.text;
    }
  }
}

TEST(Shape, TellsNumbersApart) {
  const std::pair<std::string_view, NumberShape> cases[] = {
      {"1", NumberShape::natural},   {"0x1F", NumberShape::natural},  {"1_2", NumberShape::natural},
      {"+1", NumberShape::integer},  {"-0xa", NumberShape::integer},  {"1.", NumberShape::real},
      {"1.5", NumberShape::real},    {"1e5", NumberShape::real},      {"-0x1p-3", NumberShape::real},
      {"inf", NumberShape::real},    {"-nan:0x1", NumberShape::real}, {"nan:1", NumberShape::none},
      {".5", NumberShape::none},     {"1e", NumberShape::none},       {"1._5", NumberShape::none},
      {"1_.5", NumberShape::none},   {"0x1p", NumberShape::none},     {"1x", NumberShape::none},
      {"nan:0x", NumberShape::none}, {"infinity", NumberShape::none}, {"0x1p0x1", NumberShape::none},
  };
  for (const auto& [text, shape] : cases) EXPECT_EQ(number_shape(text), shape) << text;
}

TEST(HexFloat, RoundsToNearestEven) {
  EXPECT_EQ(f32("0x1.000000p0"), 0x3F800000u);
  EXPECT_EQ(f32("0x1.000001p0"), 0x3F800000u);               // a tie: to even, down
  EXPECT_EQ(f32("0x1.000003p0"), 0x3F800002u);               // a tie: to even, up
  EXPECT_EQ(f32("0x1.0000010000000000001p0"), 0x3F800001u);  // above the tie, far beyond 64 bits
  EXPECT_EQ(f32("0x1.00000100000000000000000000000000000000p0"), 0x3F800000u);
  EXPECT_EQ(f32("0x1.fffffep127"), 0x7F7FFFFFu);
  EXPECT_EQ(f32("0x1.fffffeffffffp127"), 0x7F7FFFFFu);  // just below what would round to infinity
  EXPECT_EQ(f32("0x1p-149"), 1u);
  EXPECT_EQ(f32("0x1p-150"), 0u);  // half of the smallest: a tie, to even
  EXPECT_EQ(f32("0x1.000000000000000001p-150"), 1u);
  EXPECT_EQ(f32("0x1p-151"), 0u);
  EXPECT_EQ(f32("0x1.fffffep-127"), 0x00800000u);  // rounds up to the smallest normal number
  EXPECT_EQ(f32("0x1.fffffcp-127"), 0x007FFFFFu);
  EXPECT_EQ(f64("0x1.fffffffffffffp1023"), 0x7FEFFFFFFFFFFFFFu);
  EXPECT_EQ(f64("0x0.0000000000001p-1022"), 1u);
  EXPECT_EQ(f64("0x1p-1075"), 0u);
  EXPECT_EQ(f64("0x1.8p-1075"), 1u);
  EXPECT_EQ(f64("-0x0p99999999999999999999"), uint64_t{1} << 63);
  EXPECT_EQ(f64("0x" + std::string(1000, '0') + "1." + std::string(1000, '0') + "p-0"), 0x3FF0000000000000u);
  EXPECT_EQ(f64("0x1" + std::string(1000, '0') + "p-4000"), 0x3FF0000000000000u);
  uint32_t single = 0;
  EXPECT_EQ(parse_f32("0x1.ffffffp127", single), Status::out_of_range);
  EXPECT_EQ(parse_f32("0x1p128", single), Status::out_of_range);
  EXPECT_EQ(parse_f32("0x1p99999999999999999999", single), Status::out_of_range);
  EXPECT_EQ(parse_f32("0x1p-99999999999999999999", single), Status::ok);
}

TEST(DecimalFloat, RoundsToNearestEven) {
  EXPECT_EQ(f64("0.1"), 0x3FB999999999999Au);
  EXPECT_EQ(f64("9007199254740993"), 0x4340000000000000u);  // 2^53 + 1
  EXPECT_EQ(f64("9007199254740993.0000000000000000000000001"), 0x4340000000000001u);
  EXPECT_EQ(f64("2.2250738585072011e-308"), 0x000FFFFFFFFFFFFFu);
  EXPECT_EQ(f64("2.2250738585072012e-308"), 0x0010000000000000u);
  EXPECT_EQ(f64("4.9406564584124654e-324"), 1u);
  EXPECT_EQ(f64("2.4703282292062327e-324"), 0u);
  EXPECT_EQ(f64("2.4703282292062328e-324"), 1u);
  EXPECT_EQ(f64("1e-99999999999999999999"), 0u);
  EXPECT_EQ(f64("-1e-400"), uint64_t{1} << 63);
  EXPECT_EQ(f64("1.7976931348623157e308"), 0x7FEFFFFFFFFFFFFFu);
  EXPECT_EQ(f64("1.7976931348623158e308"), 0x7FEFFFFFFFFFFFFFu);
  EXPECT_EQ(f64("0" + std::string(500, '0') + "1_0.0_1E+0_0"), 0x4024051EB851EB85u);
  EXPECT_EQ(f64("0." + std::string(400, '0') + "1e401"), 0x3FF0000000000000u);
  EXPECT_EQ(f32("16777217"), 0x4B800000u);
  EXPECT_EQ(f32("1.401298464324817e-45"), 1u);
  EXPECT_EQ(f32("7.006492321624085e-46"), 0u);
  EXPECT_EQ(f32("3.4028234663852886e38"), 0x7F7FFFFFu);
  // Twice rounded, by way of f64, this would be 1.0000001.
  EXPECT_EQ(f32("1.00000017881393432617187499"), 0x3F800001u);
  EXPECT_EQ(f32("1.00000017881393432617187500"), 0x3F800002u);
  uint64_t bits = 0;
  uint32_t single = 0;
  EXPECT_EQ(parse_f64("1.8e308", bits), Status::out_of_range);
  EXPECT_EQ(parse_f64("1.797693134862315808e308", bits), Status::out_of_range);
  EXPECT_EQ(parse_f64("1e99999999999999999999", bits), Status::out_of_range);
  EXPECT_EQ(parse_f64(std::string(400, '9'), bits), Status::out_of_range);
  EXPECT_EQ(parse_f32("3.4028235677973367e38", single), Status::out_of_range);
  EXPECT_EQ(parse_f32("1e39", single), Status::out_of_range);
}

TEST(Float, InfinitiesAndNaNs) {
  EXPECT_EQ(f32("inf"), 0x7F800000u);
  EXPECT_EQ(f32("-inf"), 0xFF800000u);
  EXPECT_EQ(f32("nan"), 0x7FC00000u);
  EXPECT_EQ(f32("-nan"), 0xFFC00000u);
  EXPECT_EQ(f32("nan:0x1"), 0x7F800001u);
  EXPECT_EQ(f32("+nan:0x7f_ffff"), 0x7FFFFFFFu);
  EXPECT_EQ(f64("nan:0xfffffffffffff"), 0x7FFFFFFFFFFFFFFFu);
  uint32_t single = 0;
  EXPECT_EQ(parse_f32("nan:0x0", single), Status::out_of_range);
  EXPECT_EQ(parse_f32("nan:0x800000", single), Status::out_of_range);
  EXPECT_EQ(parse_f32("nan:1", single), Status::malformed);
  EXPECT_EQ(parse_f32("nan:canonical", single), Status::malformed);
}

// The C library rounds correctly too.
TEST(Float, AgreesWithTheCLibrary) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    char text[400];
    std::snprintf(text, sizeof text, i % 2 ? "%.20e" : "%a", value);
    uint32_t single = 0;
    EXPECT_EQ(f64(text), std::bit_cast<uint64_t>(std::strtod(text, nullptr))) << text;
    const float expected = std::strtof(text, nullptr);
    const Status status = parse_f32(text, single);
    if (std::isinf(expected))
      EXPECT_EQ(status, Status::out_of_range) << text;
    else
      EXPECT_EQ(single, std::bit_cast<uint32_t>(expected)) << text;
  }
}

}  // namespace
}  // namespace cloche::text
