// Numbers of descriptors: lowest first, bounded, moved, and never reused while they are in use.
#include "wasi/descriptor_table.hpp"

#include <gmock/gmock.h>

namespace cloche::wasi {
namespace {

DescriptorPtr some_descriptor() {
  return std::make_shared<Descriptor>(platform::Descriptor(), FileType::unknown, right::none, right::none);
}

/// A table with descriptors at the numbers below `count`.
struct Filled {
  explicit Filled(uint32_t count, uint32_t max = 8) : table(max) {
    for (uint32_t i = 0; i < count; ++i) EXPECT_EQ(*table.add(some_descriptor()), i);
  }
  DescriptorTable table;
};

TEST(DescriptorTable, GivesTheLowestFreeNumber) {
  Filled filled(4);
  ASSERT_TRUE(filled.table.close(1));
  ASSERT_TRUE(filled.table.close(2));
  EXPECT_EQ(*filled.table.add(some_descriptor()), 1u);
  EXPECT_EQ(*filled.table.add(some_descriptor()), 2u);
  EXPECT_EQ(*filled.table.add(some_descriptor()), 4u);
}

TEST(DescriptorTable, IsBounded) {
  Filled filled(8);
  EXPECT_TRUE(filled.table.is_full());
  EXPECT_EQ(filled.table.add(some_descriptor()).error(), Errno::mfile);
  ASSERT_TRUE(filled.table.close(7));
  EXPECT_FALSE(filled.table.is_full());
  EXPECT_EQ(*filled.table.add(some_descriptor()), 7u);
}

TEST(DescriptorTable, RefusesWhatIsNotOpen) {
  Filled filled(2);
  for (const uint32_t number : {2u, 7u, 8u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
    EXPECT_EQ(filled.table.get(number).error(), Errno::badf);
    EXPECT_EQ(filled.table.close(number).error(), Errno::badf);
    EXPECT_EQ(filled.table.renumber(number, 0).error(), Errno::badf);
    EXPECT_EQ(filled.table.renumber(0, number).error(), Errno::badf);
    EXPECT_EQ(filled.table.renumber(number, number).error(), Errno::badf);
  }
  EXPECT_TRUE(filled.table.get(0));
}

TEST(DescriptorTable, RenumberingMoves) {
  Filled filled(3);
  const DescriptorPtr moved = *filled.table.get(1);
  const std::weak_ptr<Descriptor> replaced = *filled.table.get(2);
  ASSERT_TRUE(filled.table.renumber(1, 2));
  EXPECT_EQ(*filled.table.get(2), moved);
  EXPECT_TRUE(replaced.expired());
  EXPECT_EQ(filled.table.get(1).error(), Errno::badf);
  EXPECT_EQ(*filled.table.add(some_descriptor()), 1u);
  ASSERT_TRUE(filled.table.renumber(2, 2));
  EXPECT_EQ(*filled.table.get(2), moved);
}

TEST(DescriptorTable, WhatIsInUseOutlivesItsNumber) {
  Filled filled(1);
  const DescriptorPtr in_use = *filled.table.get(0);
  ASSERT_TRUE(filled.table.close(0));
  EXPECT_EQ(in_use.use_count(), 1);
}

TEST(DescriptorTable, EndlessOpeningAndClosingUsesTheSameNumber) {
  DescriptorTable table(4);
  for (int i = 0; i < 100000; ++i) {
    ASSERT_EQ(*table.add(some_descriptor()), 0u);
    ASSERT_TRUE(table.close(0));
  }
}

}  // namespace
}  // namespace cloche::wasi
