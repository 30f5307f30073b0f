// Lanes of a v128.
#include "wasm/v128.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace cloche::wasm {
namespace {

static_assert(std::is_trivial_v<V128> && alignof(V128) == 16);
static_assert(V128::lane_count<uint8_t> == 16 && V128::lane_count<double> == 2);

constexpr V128 counting =
    V128::from_lanes(std::array<uint32_t, 4>{0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C});
static_assert(counting.bytes[0] == 0 && counting.bytes[15] == 15, "lanes are little-endian");
static_assert(counting.lane<uint16_t>(7) == 0x0F0E);
static_assert(counting.lane<uint64_t>(1) == 0x0F0E0D0C0B0A0908);
static_assert(counting.with_lane<uint16_t>(0, 0x0100) == counting);
static_assert(counting.with_lane<uint8_t>(3, 9).lane<uint32_t>(0) == 0x09020100);
static_assert(V128{} == V128::from_lanes(std::array<uint64_t, 2>{}));
static_assert(V128::from_lanes(std::array{0.0, 1.0}) != V128::from_lanes(std::array{-0.0, 1.0}),
              "bits are compared");

TEST(V128, KeepsSignallingNans) {
  const V128 v = V128::from_lanes(std::array<uint32_t, 4>{0x7FA00001, 0, 0, 0});
  EXPECT_EQ(std::bit_cast<uint32_t>(v.lane<float>(0)), 0x7FA00001u);
  EXPECT_EQ(V128{}.with_lane(0, v.lane<float>(0)), v);
}

}  // namespace
}  // namespace cloche::wasm
