// Classes of source characters (spec: Text Format / Lexical Format / Characters), as tables indexed by byte.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_block.hpp"

namespace cloche::text {

enum class CharClass : uint8_t {
  illegal,
  space,
  letter,
  digit_or_sign,
  open,
  close,
  quote,
  dollar,
  semicolon,
  other_id,     // may stand in an identifier, but begins no token of its own
  punctuation,  // , [ ] { }: only in reserved tokens
};

namespace detail {
inline constexpr std::string_view symbol_chars = "!#$%&'*+-./:<=>?@\\^_`|~";

consteval std::array<CharClass, 256> make_classes() {
  std::array<CharClass, 256> classes{};
  for (const char c : std::string_view(" \t\n\r")) classes[static_cast<uint8_t>(c)] = CharClass::space;
  for (const char c : symbol_chars) classes[static_cast<uint8_t>(c)] = CharClass::other_id;
  for (int c = 'A'; c <= 'Z'; ++c) classes[static_cast<size_t>(c)] = CharClass::other_id;
  for (int c = 'a'; c <= 'z'; ++c) classes[static_cast<size_t>(c)] = CharClass::letter;
  for (const char c : std::string_view("0123456789+-"))
    classes[static_cast<uint8_t>(c)] = CharClass::digit_or_sign;
  for (const char c : std::string_view(",[]{}")) classes[static_cast<uint8_t>(c)] = CharClass::punctuation;
  classes['('] = CharClass::open;
  classes[')'] = CharClass::close;
  classes['"'] = CharClass::quote;
  classes['$'] = CharClass::dollar;
  classes[';'] = CharClass::semicolon;
  return classes;
}
inline constexpr auto classes = make_classes();

consteval std::array<bool, 256> make_idchars() {
  std::array<bool, 256> is{};
  for (size_t c = 0; c < 256; ++c)
    is[c] = classes[c] == CharClass::letter || classes[c] == CharClass::digit_or_sign ||
            classes[c] == CharClass::other_id || c == '$';
  return is;
}
inline constexpr auto idchars = make_idchars();

consteval std::array<bool, 256> make_plain_string_chars() {
  std::array<bool, 256> is{};
  for (size_t c = 0x20; c < 256; ++c) is[c] = c != 0x7F && c != '"' && c != '\\';
  return is;
}
inline constexpr auto plain_string_chars = make_plain_string_chars();
}  // namespace detail

constexpr CharClass char_class(char c) { return detail::classes[static_cast<uint8_t>(c)]; }
constexpr bool is_idchar(char c) { return detail::idchars[static_cast<uint8_t>(c)]; }
/// True for a byte that stands for itself within a string literal.
constexpr bool is_plain_string_char(char c) { return detail::plain_string_chars[static_cast<uint8_t>(c)]; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Moves over blanks and line feeds, of which indented text mostly consists. Other white space it may leave.
inline const char* skip_spaces(const char* at, const char* end) {
  using base::byte_block_size;
  using base::ByteBlock;
  while (end - at >= byte_block_size) {
    const ByteBlock block = ByteBlock::load(at);
    const uint32_t others = (block.equal(' ') | block.equal('\n')).bits() ^ base::byte_block_all;
    if (others != 0) return at + std::countr_zero(others);
    at += byte_block_size;
    for (; end - at >= 4 * byte_block_size; at += 4 * byte_block_size) {
      const auto blanks = [at](size_t i) { return ByteBlock::load(at + i * byte_block_size).equal(' '); };
      if ((blanks(0) & blanks(1) & blanks(2) & blanks(3)).bits() != base::byte_block_all) break;
    }
  }
  while (at != end && (*at == ' ' || *at == '\n')) ++at;
  return at;
}

/// The bytes of a block that end an atom: what is no idchar.
inline base::ByteBlock::Matches atom_ends(base::ByteBlock block) {
  const base::ByteBlock lower = block.with_bits(0x20);
  return block.at_most(' ') | block.with_bits(1).equal(')') | block.equal('"') | block.equal(',') |
         block.equal(';') | lower.equal('{') | lower.equal('}') | block.equal('\x7F') | block.beyond_ascii();
}

/// Moves over idchars.
inline const char* skip_idchars(const char* at, const char* end) {
  return base::find_byte(at, end, atom_ends, [](char c) { return !is_idchar(c); });
}

/// Moves over bytes that stand for themselves within a string literal.
inline const char* skip_plain_string(const char* at, const char* end) {
  return base::find_byte(
      at, end,
      [](base::ByteBlock block) {
        return block.at_most(0x1F) | block.equal('"') | block.equal('\\') | block.equal('\x7F');
      },
      [](char c) { return !is_plain_string_char(c); });
}

/// The end of a line comment, which is a line feed, a carriage return or `end`.
inline const char* find_line_end(const char* at, const char* end) {
  return base::find_byte(
      at, end, [](base::ByteBlock block) { return block.equal('\n') | block.equal('\r'); },
      [](char c) { return c == '\n' || c == '\r'; });
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A byte as messages show it: 0x1f.
inline std::string quote_byte(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<uint8_t>(c);
  return {'0', 'x', digits[byte >> 4], digits[byte & 15]};
}

}  // namespace cloche::text
