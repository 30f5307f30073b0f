// Blocks by address: overlaps, frees, and what is counted.
#include "debug/heap_blocks.hpp"

#include <gtest/gtest.h>

namespace cloche::debug {
namespace {

HeapBlock block(uint64_t begin, uint64_t size) {
  HeapBlock made;
  made.begin = begin;
  made.size = size;
  return made;
}

TEST(HeapBlocks, FindsTheBlockBelowAnAddress) {
  HeapBlocks blocks;
  blocks.add(block(100, 10));
  blocks.add(block(200, 20));
  EXPECT_EQ(blocks.below(99), nullptr);
  EXPECT_EQ(blocks.below(100)->begin, 100u);
  EXPECT_EQ(blocks.below(199)->begin, 100u);
  EXPECT_EQ(blocks.below(5000)->begin, 200u);
  EXPECT_EQ(blocks.lowest(), 100u);
  EXPECT_EQ(blocks.highest(), 220u);
}

TEST(HeapBlocks, FreedOnesStayUntilTheirBytesAreHandedOutAgain) {
  HeapBlocks blocks;
  blocks.add(block(100, 50));
  blocks.add(block(150, 50));
  blocks.release(*blocks.at(100), {});
  EXPECT_TRUE(blocks.below(120)->is_free);
  EXPECT_EQ(blocks.live_bytes(), 50u);
  EXPECT_EQ(blocks.live_blocks(), 1u);
  blocks.add(block(90, 20));  // overlaps the freed one, not its neighbour
  EXPECT_EQ(blocks.at(100), nullptr);
  EXPECT_EQ(blocks.below(120)->begin, 90u);
  EXPECT_EQ(blocks.live_bytes(), 70u);
  EXPECT_EQ(blocks.live_blocks(), 2u);
}

TEST(HeapBlocks, ABlockWithoutBytesIsABlock) {
  HeapBlocks blocks;
  blocks.add(block(64, 0));
  blocks.add(block(64, 0));
  EXPECT_EQ(blocks.live_blocks(), 1u);
  EXPECT_EQ(blocks.at(64)->size, 0u);
}

}  // namespace
}  // namespace cloche::debug
