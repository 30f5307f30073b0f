#include "base/json_text.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace cloche::base {
namespace {

std::string written(std::string_view text) {
  std::string out;
  put_json_string(out, text);
  return out;
}

TEST(JsonText, EscapesWhatJsonDoesNotAllow) {
  EXPECT_EQ(written(""), "\"\"");
  EXPECT_EQ(written("a \"b\" \\c"), "\"a \\\"b\\\" \\\\c\"");
  EXPECT_EQ(written(std::string_view("\0\x1b\n\x7f", 4)), "\"\\u0000\\u001b\\n\\u007f\"");
  EXPECT_EQ(written("größe 漢 😀"), "\"größe 漢 😀\"");
}

TEST(JsonText, ReplacesBytesThatAreNoCharacter) {
  EXPECT_EQ(written("a\xff z"), "\"a\xEF\xBF\xBD z\"");
  EXPECT_EQ(written("\xe2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(written("ö\xc3"), "\"ö\xEF\xBF\xBD\"");
}

TEST(JsonText, IsReadAsItWasWritten) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  const std::string text = written(all);
  const auto document = parse_json(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.text, all);
}

TEST(JsonText, GoesToAnOutputAlike) {
  StringOutput out;
  put_json_string(out, "x\ty");
  EXPECT_EQ(out.text(), "\"x\\u0009y\"");
}

}  // namespace
}  // namespace cloche::base
