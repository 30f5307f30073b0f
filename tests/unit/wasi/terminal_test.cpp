// What reaches a terminal, and what is taken out.
#include "wasi/terminal.hpp"

#include <gmock/gmock.h>

#include <string_view>

namespace cloche::wasi {
namespace {

std::span<const uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string filtered(std::string_view text, TerminalPolicy policy) {
  TerminalFilter filter(policy);
  std::string out;
  filter.filter(bytes(text), out);
  return out;
}

/// The same, a byte at a time: a sequence may be cut anywhere.
std::string filtered_bytewise(std::string_view text, TerminalPolicy policy) {
  TerminalFilter filter(policy);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) filter.filter(bytes(text.substr(i, 1)), out);
  return out;
}

struct Case {
  const char* name;
  std::string_view in;
  std::string_view safe;
  std::string_view plain;
};

const Case cases[] = {
    {"text", "a b\tc\r\n", "a b\tc\r\n", "a b\tc\r\n"},
    {"UTF-8", "\xC3\xA4 \xE2\x82\xAC \xC2\xA0", "\xC3\xA4 \xE2\x82\xAC \xC2\xA0",
     "\xC3\xA4 \xE2\x82\xAC \xC2\xA0"},
    {"color", "\033[1;31mred\033[0m", "\033[1;31mred\033[0m", "red"},
    {"cursor and erasing", "\033[2J\033[10;5Hx\033[K", "\033[2J\033[10;5Hx\033[K", "x"},
    {"hidden cursor", "\033[?25lx\033[?25h", "\033[?25lx\033[?25h", "x"},
    {"title", "a\033]0;title\007b", "ab", "ab"},
    {"title with another end", "a\033]0;title\033\\b", "ab", "ab"},
    {"clipboard", "\033]52;c;cm0gLXJmIC8=\007", "", ""},
    {"device status, which answers", "a\033[6nb", "ab", "ab"},
    {"device attributes, which answer", "a\033[cb\033[>cc\033[=c", "abc", "abc"},
    {"window reports", "\033[21t", "", ""},
    {"other modes", "\033[?1049hx\033[20hy", "xy", "xy"},
    {"device control string", "a\033Pq#0\033\\b", "ab", "ab"},
    {"application string", "a\033_G\033\\b\033^p\033\\c\033Xs\033\\d", "abcd", "abcd"},
    {"controls in UTF-8",
     "a\xC2\x9B"
     "6nb",
     "a6nb", "a6nb"},
    {"other controls", "a\001\016\017\177\005b", "ab", "ab"},
    {"character set", "\033(0x", "x", "x"},
    {"reset", "\033cx", "x", "x"},
    {"a string that never ends", "a\033]0;everything after this", "a", "a"},
    {"cancelled sequence", "a\033[12\030b", "ab", "ab"},
    {"sequence within a sequence", "a\033[1\033[0mb", "a\033[0mb", "ab"},
    {"intermediate byte", "a\033[!pb\033[ qc", "abc", "abc"},
};

TEST(Terminal, PassesWhatIsHarmless) {
  for (const Case& each : cases) {
    EXPECT_EQ(filtered(each.in, TerminalPolicy::safe), each.safe) << each.name;
    EXPECT_EQ(filtered(each.in, TerminalPolicy::plain), each.plain) << each.name;
    EXPECT_EQ(filtered(each.in, TerminalPolicy::raw), each.in) << each.name;
  }
}

TEST(Terminal, DoesNotDependOnHowTheBytesAreCut) {
  for (const Case& each : cases) {
    EXPECT_EQ(filtered_bytewise(each.in, TerminalPolicy::safe), each.safe) << each.name;
    EXPECT_EQ(filtered_bytewise(each.in, TerminalPolicy::plain), each.plain) << each.name;
  }
}

TEST(Terminal, BoundsWhatItHoldsBack) {
  const std::string long_sequence = "\033[" + std::string(100000, '1') + "mx";
  EXPECT_EQ(filtered(long_sequence, TerminalPolicy::safe), "x");
}

}  // namespace
}  // namespace cloche::wasi
