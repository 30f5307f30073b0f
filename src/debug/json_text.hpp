// JSON strings.
#pragma once

#include <string>
#include <string_view>

namespace cloche::debug {

/// Appends a JSON string, quotes included. `text` is UTF-8; what JSON does not allow in a string is escaped.
inline void put_json(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace cloche::debug
