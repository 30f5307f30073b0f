// Reservations: committed pages read as zeros, growth in place, contents dropped on request.
#include "platform/pages.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace cloche::platform {
namespace {

TEST(Pages, CommittedPagesHoldZerosAndKeepTheirPlace) {
  const Reservation range = Reservation::reserve(size_t{1} << 34);
  ASSERT_TRUE(range);
  ASSERT_TRUE(range.commit(0, page_size()));
  range.data()[0] = 7;
  ASSERT_TRUE(range.commit(page_size(), page_size()));
  EXPECT_EQ(range.data()[0], 7);
  EXPECT_EQ(range.data()[page_size()], 0);
}

TEST(Pages, DiscardedAndDecommittedPagesAreZeroAgain) {
  const Reservation range = Reservation::reserve(4 * page_size());
  ASSERT_TRUE(range.commit(0, 4 * page_size()));
  range.data()[0] = 1;
  range.data()[page_size()] = 2;
  range.discard(0, page_size());
  EXPECT_EQ(range.data()[0], 0);
  EXPECT_EQ(range.data()[page_size()], 2);
  ASSERT_TRUE(range.decommit(page_size(), page_size()));
  ASSERT_TRUE(range.commit(page_size(), page_size()));
  EXPECT_EQ(range.data()[page_size()], 0);
}

TEST(Pages, ImpossibleSizesAreRefused) {
  EXPECT_FALSE(Reservation::reserve(0));
  EXPECT_FALSE(Reservation::reserve(SIZE_MAX));
  EXPECT_FALSE(Reservation::reserve(size_t{1} << 62));
}

TEST(Pages, MovingTransfersTheRange) {
  Reservation first = Reservation::reserve(page_size());
  uint8_t* const base = first.data();
  const Reservation second = std::move(first);
  EXPECT_EQ(second.data(), base);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): moved-from is empty
}

}  // namespace
}  // namespace cloche::platform
