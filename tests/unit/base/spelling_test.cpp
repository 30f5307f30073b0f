#include "base/spelling.hpp"

#include <gtest/gtest.h>

namespace cloche::base {
namespace {

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("", "", 3), 0u);
  EXPECT_EQ(edit_distance("abc", "abc", 3), 0u);
  EXPECT_EQ(edit_distance("abc", "abcd", 3), 1u);
  EXPECT_EQ(edit_distance("cuont", "count", 3), 1u) << "neighbours that are swapped are one edit";
  EXPECT_EQ(edit_distance("i32.cnst", "i32.const", 3), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3u);
}

TEST(EditDistance, StopsBeyondTheLimit) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3u);
  EXPECT_EQ(edit_distance("a", "abcdefgh", 2), 3u);
  EXPECT_EQ(edit_distance(std::string(101, 'a'), std::string(101, 'a'), 2), 3u);
}

std::string nearest(std::string_view wrong, std::initializer_list<std::string_view> candidates) {
  Spelling spelling(wrong);
  for (const std::string_view each : candidates) spelling.offer(each);
  return spelling.nearest();
}

TEST(Spelling, KeepsTheNearest) {
  EXPECT_EQ(nearest("incremnt", {"decrement", "increment", "inc"}), "increment");
  EXPECT_EQ(nearest("i32.ad", {"i32.and", "i32.add"}), "i32.and") << "the first of equals";
}

TEST(Spelling, OffersNothingThatIsNotAlike) {
  EXPECT_EQ(nearest("foo", {"bar", "quux"}), "");
  EXPECT_EQ(nearest("x", {"y"}), "") << "one letter is not like another";
  EXPECT_EQ(nearest("name", {"name"}), "") << "the word itself is not what was meant";
}

}  // namespace
}  // namespace cloche::base
