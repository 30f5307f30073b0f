#include "cloche/expected.hpp"

#include <memory>
#include <string>

#include "support.hpp"

namespace cloche {
namespace {

using Text = Expected<std::string, int>;
using Nothing = Expected<void, std::string>;

TEST(Expected, HoldsAValue) {
  Text text = std::string("long enough to be on the heap, whatever the library does");
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(text->front(), 'l');
  EXPECT_EQ(text.value_or("other").front(), 'l');
  Text copy = text;
  EXPECT_EQ(*copy, *text);
  Text moved = std::move(copy);
  EXPECT_EQ(*moved, *text);
  EXPECT_EQ(*std::move(moved), *text);
}

TEST(Expected, HoldsAnError) {
  Text text = Unexpected{7};
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error(), 7);
  EXPECT_EQ(text.value_or("other"), "other");
  text = std::string("now a value");
  EXPECT_TRUE(text);
  text = Text(Unexpected{8});
  EXPECT_EQ(std::move(text).error(), 8);
}

TEST(Expected, HoldsWhatOnlyMoves) {
  Expected<std::unique_ptr<int>, int> pointer = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = *std::move(pointer);
  EXPECT_EQ(*taken, 3);
}

TEST(Expected, OfNothing) {
  Nothing done;
  EXPECT_TRUE(done);
  done.value();
  Nothing failed = Unexpected{std::string("why")};
  EXPECT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error(), "why");
  Nothing copy = failed;
  done = std::move(failed);
  EXPECT_EQ(done.error(), copy.error());
}

TEST(ExpectedDeathTest, ReadingTheOtherSideEnds) {
  Text text = Unexpected{7};
  EXPECT_DEATH(static_cast<void>(text.value()), "");
  Nothing done;
  EXPECT_DEATH(static_cast<void>(done.error()), "");
}

}  // namespace
}  // namespace cloche
