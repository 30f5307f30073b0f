// Addresses and sizes of a guest against the end of its memory.
#include "wasi/guest_memory.hpp"

#include <gmock/gmock.h>

#include <array>

namespace cloche::wasi {
namespace {

struct SmallMemory {
  SmallMemory() {
    memory.base = bytes.data();
    memory.size_bytes = bytes.size();
  }
  std::array<uint8_t, 64> bytes = {};
  abi::Memory memory;
  GuestMemory guest() const { return GuestMemory(memory); }
};

TEST(GuestMemory, EveryByteInsideAndNoneOutside) {
  const SmallMemory small;
  for (uint32_t at = 0; at <= 66; ++at)
    for (uint32_t size = 0; size <= 66; ++size) {
      const auto bytes = small.guest().bytes(at, size);
      ASSERT_EQ(bytes.has_value(), at + size <= 64) << at << " " << size;
      if (!bytes) continue;
      ASSERT_EQ(bytes->data() - small.bytes.data(), at);
    }
}

TEST(GuestMemory, SumsAndProductsDoNotWrap) {
  const SmallMemory small;
  // 2^32 divided by 48 and by 32, where 32 bits would wrap to a small size.
  for (const uint64_t count : {0x05555556ull, 0x08000000ull, 0xFFFFFFFFull}) {
    EXPECT_EQ(small.guest().bytes(0, count, 48).error(), Errno::fault);
    EXPECT_EQ(small.guest().bytes(0, count, 32).error(), Errno::fault);
  }
  EXPECT_EQ(small.guest().bytes(0xFFFFFFFF, 1).error(), Errno::fault);
  EXPECT_EQ(small.guest().bytes(0xFFFFFFFF, 0xFFFFFFFF).error(), Errno::fault);
  EXPECT_EQ(small.guest().bytes(1, 0xFFFFFFFF).error(), Errno::fault);
  EXPECT_EQ(small.guest().load<uint64_t>(57).error(), Errno::fault);
  EXPECT_EQ(small.guest().store(61, uint32_t{1}).error(), Errno::fault);
}

TEST(GuestMemory, RecordsNeedNoAlignment) {
  const SmallMemory small;
  ASSERT_TRUE(small.guest().store(3, uint32_t{0x04030201}));
  EXPECT_EQ(small.bytes[3], 1);
  EXPECT_EQ(small.bytes[6], 4);
  EXPECT_EQ(*small.guest().load<uint32_t>(3), 0x04030201u);
}

}  // namespace
}  // namespace cloche::wasi
