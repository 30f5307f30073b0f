#include "diagnostics/printable.hpp"

#include <cstdint>

#include "base/utf8.hpp"

namespace cloche::diagnostics {
namespace {

std::string hexadecimal(uint32_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4)
    if (value >> shift != 0 || shift <= 4) text += digits[(value >> shift) & 15];
  return text;
}

/// The scalar value of one well-formed character of several bytes.
uint32_t decode(std::string_view character) {
  uint32_t value = static_cast<uint8_t>(character[0]) & (0x7Fu >> character.size());
  for (const char byte : character.substr(1)) value = value << 6 | (static_cast<uint8_t>(byte) & 0x3Fu);
  return value;
}

/// C1 controls, line and paragraph separators, and the controls of writing direction.
bool is_control(uint32_t value) {
  return value < 0xA0 || (value >= 0x200E && value <= 0x200F) || (value >= 0x2028 && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069) || value == 0xFEFF;
}

void append_character(std::string& out, std::string_view character) {
  const auto byte = static_cast<uint8_t>(character[0]);
  if (character.size() == 1) {
    if (byte >= 0x20 && byte < 0x7F)
      out += character;
    else
      out += "\\" + hexadecimal(byte);
    return;
  }
  const uint32_t value = decode(character);
  if (is_control(value))
    out += "\\u{" + hexadecimal(value) + "}";
  else
    out += character;
}

}  // namespace

size_t character_length(std::string_view text) {
  const auto byte = static_cast<uint8_t>(text[0]);
  const size_t length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  return length <= text.size() && base::is_valid_utf8(text.substr(0, length)) ? length : 1;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = character_length(text);
    append_character(out, text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace cloche::diagnostics
