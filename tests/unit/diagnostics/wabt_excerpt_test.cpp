#include "diagnostics/wabt_excerpt.hpp"

#include <gtest/gtest.h>

#include "diagnostics/check.hpp"
#include "diagnostics/render.hpp"

namespace cloche::diagnostics {
namespace {

TEST(WabtExcerpt, ShowsTheLineAndMarksTheToken) {
  EXPECT_EQ(wabt_excerpt("(module (func (nopp)))", 15, 19, false),
            "(module (func (nopp)))\n"
            "               ^^^^\n");
  EXPECT_EQ(wabt_excerpt("(nopp)", 1, 5, true), "(nopp)\n \033[1m\033[32m^^^^\033[0m\n");
  EXPECT_EQ(wabt_excerpt("", 0, 1, false), "");
}

TEST(WabtExcerpt, MarksAtLeastOneColumn) {
  EXPECT_EQ(wabt_excerpt("(a", 2, 2, false), "(a\n  ^\n");
  EXPECT_EQ(wabt_excerpt("(a", 1, 900, false), "(a\n ^\n");
}

TEST(WabtExcerpt, CountsCharactersNotBytes) {
  EXPECT_EQ(wabt_excerpt("größe x", 8, 9, false), "größe x\n      ^\n");
  EXPECT_EQ(wabt_excerpt("\x1b[2Jx", 4, 5, false), "\\1b[2Jx\n      ^\n");
}

TEST(WabtExcerpt, CutsLongLinesAroundTheMark) {
  const std::string line = std::string(100, 'a') + "here" + std::string(100, 'b');
  const std::string shown = wabt_excerpt(line, 100, 104, false);
  EXPECT_EQ(shown, "..." + std::string(35, 'a') + "here" + std::string(35, 'b') + "...\n" +
                       std::string(38, ' ') + "^^^^\n");
  EXPECT_EQ(wabt_excerpt(line, 0, 1, false), std::string(77, 'a') + "...\n^\n");
  EXPECT_EQ(wabt_excerpt(line, 203, 204, false),
            "..." + std::string(77, 'b') + "\n" + std::string(79, ' ') + "^\n");
}

TEST(WabtExcerpt, MarksAllThatIsShownOfALongToken) {
  const std::string line(300, 'x');
  EXPECT_EQ(wabt_excerpt(line, 0, 300, false), std::string(77, 'x') + "...\n" + std::string(80, '^') + "\n");
}

std::string as_wabt(std::string_view source) {
  return render(check_text(source, {}), "f.wat", source, {.style = RenderStyle::wabt});
}

TEST(WabtStyle, BeginsAsWabtDoesAndSaysMore) {
  EXPECT_EQ(as_wabt("(module\n  (memory 2 1))"),
            "f.wat:2:4: error: size minimum must not be greater than maximum: 2, 1\n"
            "  (memory 2 1))\n"
            "   ^^^^^^^^^^\n"
            "      = note: the first number is the size at the beginning, the second the largest size it can "
            "grow to\n"
            "      = help: the two in the other order\n"
            "      +   (memory 1 2))\n");
}

TEST(WabtStyle, MarksTheParenthesisThatIsNotExpected) {
  const std::string text = as_wabt("(module) (module)");
  EXPECT_TRUE(
      text.starts_with("f.wat:1:10: error: unexpected token: (module\n"
                       "(module) (module)\n"
                       "         ^\n"))
      << text;
}

TEST(WabtStyle, ShowsOtherPlacesBehindIt) {
  const std::string text = as_wabt("(module (func $f) (func $f))");
  EXPECT_TRUE(
      text.starts_with("f.wat:1:25: error: duplicate func $f\n"
                       "(module (func $f) (func $f))\n"
                       "                        ^^\n"
                       "    1 | (module (func $f) (func $f))\n"))
      << text;
}

TEST(WabtStyle, NamesOffsetsOfBinariesAsListingsDo) {
  const std::vector<uint8_t> bytes = {0, 'a', 's', 'm', 1, 0, 0, 0, 77, 0};
  const std::string text = render(check_binary(bytes, {}), "f.wasm", {}, {.style = RenderStyle::wabt});
  EXPECT_TRUE(text.starts_with("f.wasm:0000008: error: malformed section id: 77\n")) << text;
}

TEST(Check, DoesNotRepeatWhatFollowsFromAWordInAHead) {
  const Report report = check_text("(module (func main (param i32) (result i32) (local.get 0)))", {});
  ASSERT_EQ(report.diagnostics.size(), 1u);
  EXPECT_EQ(report.diagnostics[0].message, "unknown operator main");
}

TEST(Check, ShowsAsManyErrorsOfAFunctionAsAreAskedFor) {
  std::string source = "(module (func";
  for (int i = 0; i < 9; ++i) source += " (drop (global.get 7))";
  source += "))";
  EXPECT_EQ(check_text(source, {}).diagnostics.size(), 5u);
  EXPECT_EQ(check_text(source, {.max_in_function = 100}).diagnostics.size(), 9u);
}

TEST(Check, SaysNothingMoreBehindBytesThatAreNoInstruction) {
  const std::vector<uint8_t> bytes = {0,    'a', 's', 'm', 1, 0,  0, 0, 1, 5, 1,    0x60, 0,   1,
                                      0x7F, 3,   2,   1,   0, 10, 6, 1, 4, 0, 0xFE, 0x7F, 0x0B};
  const Report report = check_binary(bytes, {});
  ASSERT_EQ(report.diagnostics.size(), 1u);
  EXPECT_EQ(report.diagnostics[0].message, "illegal opcode fe 7f");
}

}  // namespace
}  // namespace cloche::diagnostics
