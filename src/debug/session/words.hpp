// Taking lines apart: words, numbers and bytes in hexadecimal, as commands and messages have them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace cloche::debug {

/// Takes the next word off the line, and the spaces around it; empty at its end.
inline std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return word;
}

/// Takes the first line off a text, without its end.
inline std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

/// A natural number, decimal or behind 0x; nothing for anything else.
template <class Number = uint64_t>
std::optional<Number> to_number(std::string_view word) {
  const bool is_hex = word.starts_with("0x");
  if (is_hex) word.remove_prefix(2);
  Number value = 0;
  const char* const end = word.data() + word.size();
  const auto [at, status] = std::from_chars(word.data(), end, value, is_hex ? 16 : 10);
  return status == std::errc() && at == end ? std::optional(value) : std::nullopt;
}

/// Takes a word that is a number; `otherwise` for any other word, and for none.
template <class Number = uint64_t>
Number take_number(std::string_view& line, Number otherwise) {
  return to_number<Number>(take_word(line)).value_or(otherwise);
}

/// The bytes that pairs of hexadecimal digits stand for; nothing for other text.
inline std::optional<std::string> from_hex(std::string_view digits) {
  std::string bytes;
  for (; digits.size() >= 2; digits.remove_prefix(2)) {
    uint8_t byte = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + 2, byte, 16);
    if (status != std::errc() || end != digits.data() + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return digits.empty() ? std::optional(bytes) : std::nullopt;
}

/// A number in hexadecimal, with zeros in front up to `width` digits.
inline std::string hex(uint64_t value, int width = 1) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llx", width, static_cast<unsigned long long>(value));
  return text;
}

inline std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<uint8_t>(c) >> 4];
    text += digits[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

}  // namespace cloche::debug
