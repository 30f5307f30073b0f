#include "base/json.hpp"

#include <gtest/gtest.h>

namespace cloche::base {
namespace {

using Kind = JsonValue::Kind;

TEST(Json, ReadsEveryKindOfValue) {
  const auto document = parse_json(R"( {"a": [1, -2.5e3, true, false, null], "b": {"c": "d"}, "e": ""} )");
  ASSERT_TRUE(document);
  const JsonValue& root = document->root;
  ASSERT_EQ(root.names.size(), 3u);
  const JsonValue& list = *root.find("a");
  ASSERT_EQ(list.items.size(), 5u);
  EXPECT_EQ(list.items[0].natural(), 1u);
  EXPECT_EQ(list.items[1].text, "-2.5e3");
  EXPECT_EQ(list.items[1].natural(), std::nullopt);
  EXPECT_TRUE(list.items[2].truth);
  EXPECT_TRUE(list.items[3].is(Kind::boolean));
  EXPECT_TRUE(list.items[4].is(Kind::null));
  EXPECT_EQ(root.find("b")->find("c")->text, "d");
  EXPECT_EQ(root.find("x"), nullptr);
}

TEST(Json, DecodesEscapes) {
  const auto document = parse_json(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00")");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.text, "\"\\/\b\f\n\r\tA\u00e9\u20ac\U0001F600");
}

TEST(Json, RefusesWhatIsMalformedAndSaysWhere) {
  const std::pair<std::string_view, uint64_t> cases[] = {
      {"", 0},
      {"[1,]", 3},
      {"{\"a\" 1}", 5},
      {"{a: 1}", 1},
      {"01", 1},
      {"1.", 2},
      {"-", 1},
      {"tru", 0},
      {"\"a", 2},
      {"\"\\x\"", 2},
      {"\"\\ud800\"", 7},
      {"\"\\udc00\"", 7},
      {"\"\\u12g4\"", 3},
      {"[1] 2", 4},
      {"\"\n\"", 1},
      {"\"\xff\"", 3},
      {"[1 2]", 3},
      {"{\"a\":1,}", 7},
      {"nul", 0},
  };
  for (const auto& [text, offset] : cases) {
    const auto document = parse_json(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().offset, offset) << text << ": " << document.error().message;
  }
}

TEST(Json, NestingIsBounded) {
  EXPECT_TRUE(parse_json(std::string(150, '[') + std::string(150, ']')));
  EXPECT_FALSE(parse_json(std::string(1000000, '[')));
}

}  // namespace
}  // namespace cloche::base
