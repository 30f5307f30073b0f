#include "base/leb128.hpp"

#include <gtest/gtest.h>

namespace cloche::base {
namespace {

template <class T, unsigned N = sizeof(T) * 8>
Leb<T> read(std::vector<uint8_t> bytes) {
  const Leb<T> leb = read_leb<T, N>(bytes.data(), bytes.data() + bytes.size());
  return {leb.value, nullptr, leb.status};
}

template <class T>
void round_trips(T value) {
  std::vector<uint8_t> bytes;
  append_leb(bytes, value);
  const auto leb = read<T>(bytes);
  EXPECT_EQ(leb.status, LebStatus::ok) << +value;
  EXPECT_EQ(leb.value, value);
}

TEST(Leb128, RoundTripsAtEveryBitLength) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    const uint64_t power = uint64_t{1} << bit;
    for (const uint64_t value : {power - 1, power, power + 1, ~power}) {
      round_trips(value);
      round_trips(static_cast<uint32_t>(value));
      round_trips(static_cast<int64_t>(value));
      round_trips(static_cast<int32_t>(value));
    }
  }
}

TEST(Leb128, RefusesUnusedBitsThatCarryValue) {
  EXPECT_EQ(read<uint32_t>({0xFF, 0xFF, 0xFF, 0xFF, 0x0F}).status, LebStatus::ok);
  EXPECT_EQ(read<uint32_t>({0xFF, 0xFF, 0xFF, 0xFF, 0x1F}).status, LebStatus::too_large);
  EXPECT_EQ(read<int32_t>({0xFF, 0xFF, 0xFF, 0xFF, 0x7F}).value, -1);
  EXPECT_EQ(read<int32_t>({0xFF, 0xFF, 0xFF, 0xFF, 0x0F}).status, LebStatus::too_large);
  EXPECT_EQ(read<int32_t>({0x80, 0x80, 0x80, 0x80, 0x70}).status, LebStatus::too_large);
  EXPECT_EQ((read<int64_t, 33>({0x80, 0x80, 0x80, 0x80, 0x70}).value), -4294967296);
  EXPECT_EQ((read<int64_t, 33>({0x80, 0x80, 0x80, 0x80, 0x60}).status), LebStatus::too_large);
}

TEST(Leb128, RefusesLongAndShortForms) {
  EXPECT_EQ(read<uint32_t>({0x80, 0x80, 0x80, 0x80, 0x80, 0x00}).status, LebStatus::too_long);
  EXPECT_EQ(read<uint32_t>({0x80, 0x80}).status, LebStatus::unexpected_end);
  EXPECT_EQ(read<uint32_t>({0x80, 0x80, 0x00}).status, LebStatus::ok);
}

}  // namespace
}  // namespace cloche::base
