// What somebody writes for the functions that are meant.
#include "symbols/func_pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cloche::symbols {
namespace {

TEST(FuncPattern, MatchesPatterns) {
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

TEST(FuncPattern, PatternsTakeNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(matches_pattern(pattern + "b", std::string(5000, 'a')));
}

TEST(FuncPattern, MeansFunctions) {
  EXPECT_TRUE(func_matches("7", "main", 7));
  EXPECT_FALSE(func_matches("7", "main", 77));
  EXPECT_TRUE(func_matches("main", "main", 0));
  EXPECT_TRUE(func_matches("$main", "main", 0));
  EXPECT_TRUE(func_matches("$ma*", "main", 0));
  EXPECT_TRUE(func_matches("fill", "fill(std::vector<int>&, int)", 0));
  EXPECT_TRUE(func_matches("*::get", "a::b::get() const", 0));
  EXPECT_FALSE(func_matches("get", "a::b::get() const", 0));
  EXPECT_FALSE(func_matches("*", "", 3)) << "a function without a name";
}

}  // namespace
}  // namespace cloche::symbols
