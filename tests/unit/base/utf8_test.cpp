#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace cloche::base {
namespace {

TEST(Utf8, AcceptsEveryScalarItEncodes) {
  for (char32_t c = 0; c <= 0x10FFFF; c += (c < 0x3000 ? 1 : 37)) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    EXPECT_TRUE(is_valid_utf8(text)) << std::hex << static_cast<uint32_t>(c);
  }
}

TEST(Utf8, RefusesWhatIsNotUtf8) {
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC2", "\xE1\x80", "\xF1\x80\x80",
                           "abcdefgh\x80", "\xC2\x41"})
    EXPECT_FALSE(is_valid_utf8(std::string_view(text))) << text;
}

}  // namespace
}  // namespace cloche::base
