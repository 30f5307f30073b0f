// The map of the heap: what the interpreter may pass without asking is exactly what it would be told is
// right, and the map stays small whatever blocks there are.
#include "debug/heap_shadow.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace cloche::debug {
namespace {

constexpr uint64_t page = uint64_t{1} << interp::ProbeFilter::page_bits;

TEST(HeapShadow, PassesWhatLiesInABlockAndWhatLiesOutsideOfTheHeap) {
  HeapShadow shadow;
  shadow.cover(1000, 2000);
  shadow.open(1008, 1021);
  const interp::ProbeFilter& filter = shadow.filter();
  EXPECT_TRUE(filter.passes(1008, 8));
  EXPECT_TRUE(filter.passes(1013, 8));
  EXPECT_TRUE(filter.passes(1020, 1));
  EXPECT_FALSE(filter.passes(1021, 1));
  EXPECT_FALSE(filter.passes(1014, 8));
  EXPECT_FALSE(filter.passes(1007, 8));
  EXPECT_FALSE(filter.passes(1000, 1));
  EXPECT_TRUE(filter.passes(999, 1));
  EXPECT_TRUE(filter.passes(2000, 8));
  EXPECT_FALSE(filter.passes(1999, 8));
  shadow.shut(1008, 1021);
  EXPECT_FALSE(filter.passes(1008, 1));
}

TEST(HeapShadow, EverythingPassesWhileItIsSuspended) {
  HeapShadow shadow;
  shadow.cover(1000, 2000);
  shadow.suspend();
  EXPECT_TRUE(shadow.filter().passes(1500, 8));
  shadow.cover(500, 3000);
  EXPECT_TRUE(shadow.filter().passes(600, 8));
  shadow.resume();
  EXPECT_FALSE(shadow.filter().passes(600, 8));
  EXPECT_FALSE(shadow.filter().passes(2992, 8));
}

TEST(HeapShadow, LargeBlocksShareAPage) {
  HeapShadow shadow;
  shadow.cover(0, page * 8);
  shadow.open(8, page * 7 + 3);
  const interp::ProbeFilter& filter = shadow.filter();
  EXPECT_EQ(filter.pages[1], filter.pages[6]);
  EXPECT_TRUE(filter.passes(page * 3 - 4, 8));
  EXPECT_TRUE(filter.passes(page * 7 + 2, 1));
  EXPECT_FALSE(filter.passes(page * 7 + 3, 1));
  shadow.shut(page * 2 + 16, page * 2 + 24);  // no longer shared
  EXPECT_FALSE(filter.passes(page * 2 + 16, 1));
  EXPECT_TRUE(filter.passes(page * 3 + 16, 1));
  shadow.shut(8, page * 7 + 3);
  EXPECT_EQ(filter.pages[2], nullptr);
}

TEST(HeapShadow, GrowsDownwards) {
  HeapShadow shadow;
  shadow.cover(page * 10 + 100, page * 11);
  shadow.open(page * 10 + 104, page * 10 + 112);
  shadow.cover(page * 2 + 8, page * 12);
  const interp::ProbeFilter& filter = shadow.filter();
  EXPECT_TRUE(filter.passes(page * 10 + 104, 8));
  EXPECT_FALSE(filter.passes(page * 10 + 112, 1));
  EXPECT_FALSE(filter.passes(page * 2 + 8, 1));
}

TEST(HeapShadow, AHeapThatIsTooLongPassesAbove) {
  HeapShadow shadow;
  const uint64_t far = uint64_t{1} << 60;
  shadow.cover(1000, far);
  shadow.open(far - 64, far);
  EXPECT_FALSE(shadow.filter().passes(1000 + HeapShadow::most_bytes - 8, 8));
  EXPECT_TRUE(shadow.filter().passes(1000 + HeapShadow::most_bytes, 8));
  EXPECT_TRUE(shadow.filter().passes(far - 64, 8));
}

/// Against a list with an entry for each byte: what passes lies in open bytes.
TEST(HeapShadow, NeverPassesMoreThanIsOpen) {
  std::mt19937 random(1);
  const uint64_t base = page * 3 + 40, size = page * 2;
  HeapShadow shadow;
  shadow.cover(base, base + size);
  std::vector<bool> open(size + 64);
  size_t passed = 0;
  for (int round = 0; round < 3000; ++round) {
    const uint64_t begin = random() % size, length = random() % (round % 50 == 0 ? page : 60);
    const uint64_t end = std::min(begin + length, size);
    const bool opens = random() % 3 != 0;
    opens ? shadow.open(base + begin, base + end) : shadow.shut(base + begin, base + end);
    for (uint64_t i = begin; i < end; ++i) open[i] = opens;
    for (int i = 0; i < 40; ++i) {
      const uint64_t at = random() % (size - 8), bytes = uint64_t{1} << random() % 4;
      if (!shadow.filter().passes(base + at, bytes)) continue;
      ++passed;
      for (uint64_t k = 0; k < bytes; ++k) ASSERT_TRUE(open[at + k]) << round << " " << at << " " << bytes;
    }
  }
  EXPECT_GT(passed, 10000u);
}

}  // namespace
}  // namespace cloche::debug
