// Names for people, and patterns.
#include "dump/names_shown.hpp"

#include <gtest/gtest.h>

namespace cloche::dump {
namespace {

TEST(NamesShown, Demangles) {
  EXPECT_EQ(demangle("_ZN3foo3barEi"), "foo::bar(int)");
  EXPECT_EQ(demangle("_ZN4core3fmt5write17h0123456789abcdefE"), "core::fmt::write");
  EXPECT_EQ(demangle("main"), "main");
  EXPECT_EQ(demangle("_Znonsense"), "_Znonsense");
  const std::string long_name = "_ZN" + std::string(100'000, '1');
  EXPECT_EQ(demangle(long_name), long_name);
}

TEST(NamesShown, MatchesPatterns) {
  for (const auto& [pattern, text] : {std::pair("abc", "abc"),
                                      {"*", ""},
                                      {"a*c", "abbc"},
                                      {"*b*", "abc"},
                                      {"a?c", "abc"},
                                      {"**x", "yx"},
                                      {"a*b*c", "aXbYbZc"}})
    EXPECT_TRUE(matches_pattern(pattern, text)) << pattern << " " << text;
  for (const auto& [pattern, text] :
       {std::pair("abc", "abcd"), {"", "a"}, {"a?c", "ac"}, {"*b", "abc"}, {"a*b*c", "acb"}})
    EXPECT_FALSE(matches_pattern(pattern, text)) << pattern << " " << text;
}

TEST(NamesShown, PatternsTakeNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(matches_pattern(pattern + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace cloche::dump
