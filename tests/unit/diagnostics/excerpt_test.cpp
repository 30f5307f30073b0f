#include "diagnostics/excerpt.hpp"

#include <gtest/gtest.h>

#include "diagnostics/printable.hpp"

namespace cloche::diagnostics {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable("unknown operator i32.cnst"), "unknown operator i32.cnst");
  EXPECT_EQ(printable("größer → 漢字 😀"), "größer → 漢字 😀");
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("\x1b[31mred\n\t\x7f"), "\\1b[31mred\\0a\\09\\7f");
  EXPECT_EQ(printable("a\u202eb\u2066c\u0085"), "a\\u{202e}b\\u{2066}c\\u{85}");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\00");
}

TEST(Printable, EscapesBrokenUtf8) {
  EXPECT_EQ(printable("\xff"), "\\ff");
  EXPECT_EQ(printable("\xc3"), "\\c3");
  EXPECT_EQ(printable("\xe2\x82x"), "\\e2\\82x");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\ed\\a0\\80");  // a surrogate
}

TEST(Excerpt, ShowsTheLineAndThePlace) {
  const text::SourceText source("(module\n  (func (i32.cnst 1)))\n");
  EXPECT_EQ(excerpt(source, {2, 10}),
            "    2 |   (func (i32.cnst 1)))\n"
            "      |          ^\n");
  EXPECT_EQ(excerpt(source, {1, 1}),
            "    1 | (module\n"
            "      | ^\n");
  EXPECT_EQ(excerpt(source, {1, 8}),  // after the last character
            "    1 | (module\n"
            "      |        ^\n");
  EXPECT_EQ(excerpt(source, {9, 1}), "");
}

TEST(Excerpt, CountsCharactersNotBytes) {
  EXPECT_EQ(excerpt(text::SourceText("\t\"ö😀\" x"), {1, 7}),
            "    1 |  \"ö😀\" x\n"
            "      |       ^\n");
  EXPECT_EQ(excerpt(text::SourceText("\x1b x"), {1, 3}),
            "    1 | \\1b x\n"
            "      |     ^\n");
}

TEST(Excerpt, CutsLongLines) {
  const std::string line = std::string(1000000, 'a') + "!" + std::string(1000000, 'b');
  EXPECT_EQ(excerpt(text::SourceText(line), {1, 1000001}), "    1 | …" + std::string(60, 'a') + "!" +
                                                               std::string(39, 'b') + "…\n" + "      | " +
                                                               std::string(61, ' ') + "^\n");
}

TEST(Excerpt, MakesRoomForLargeLineNumbers) {
  const std::string source = std::string(1234566, '\n') + "x";
  EXPECT_EQ(excerpt(text::SourceText(source), {1234567, 1}),
            " 1234567 | x\n"
            "         | ^\n");
}

}  // namespace
}  // namespace cloche::diagnostics
