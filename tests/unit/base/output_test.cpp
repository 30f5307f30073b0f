// Text put piece by piece comes out whole, in large pieces, and as the numbers it stands for.
#include "base/output.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cloche::base {
namespace {

TEST(Output, WritesNumbers) {
  StringOutput out;
  out.put("a", uint32_t{0}, ' ', uint64_t{18446744073709551615u}, ' ');
  out.signed_decimal(-5);
  out.put(' ');
  out.hex(0xBEEF, 7);
  out.put(' ');
  out.hex(0, 1);
  out.spaces(2);
  out.put('|');
  EXPECT_EQ(out.text(), "a0 18446744073709551615 -5 000beef 0  |");
}

TEST(Output, KeepsTheOrderOfShortAndLongPieces) {
  StringOutput out;
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string piece(static_cast<size_t>(i), static_cast<char>('a' + i % 26));
    out.put(std::string_view(piece));
    expected += piece;
  }
  out.spaces(100'000);
  expected += std::string(100'000, ' ');
  EXPECT_EQ(out.size(), expected.size());
  EXPECT_EQ(out.text(), expected);
}

struct Failing {
  int calls = 0;
  static bool write(void* self, std::string_view) {
    ++static_cast<Failing*>(self)->calls;
    return false;
  }
};

TEST(Output, HandsNothingOnAfterAFailure) {
  Failing sink;
  Output out(&Failing::write, &sink);
  for (int i = 0; i < 1'000'000; ++i) out.put('x');
  EXPECT_FALSE(out.flush());
  EXPECT_EQ(sink.calls, 1);
}

}  // namespace
}  // namespace cloche::base
