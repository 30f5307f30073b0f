#include "base/json_text.hpp"

#include "base/utf8.hpp"

namespace cloche::base {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

bool is_plain(unsigned char byte) { return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F; }

/// put(piece) for the pieces of the string; all of `text` is UTF-8.
template <class Put>
void put_valid(std::string_view text, Put put) {
  put("\"");
  while (!text.empty()) {
    size_t plain = 0;
    while (plain < text.size() && is_plain(static_cast<unsigned char>(text[plain]))) ++plain;
    put(text.substr(0, plain));
    if (plain == text.size()) break;
    const char c = text[plain];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      put(std::string{'\\', c});
    else if (c == '\n')
      put("\\n");
    else
      put(std::string{'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]});
    text.remove_prefix(plain + 1);
  }
  put("\"");
}

/// The length of the first character, or 0 when the text begins with none.
size_t character_length(std::string_view text) {
  for (size_t length = 1; length <= 4 && length <= text.size(); ++length)
    if (is_valid_utf8(text.substr(0, length))) return length;
  return 0;
}

std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = character_length(text);
    if (length == 0)
      append_utf8(out, 0xFFFD);
    else
      out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

template <class Put>
void put_any(std::string_view text, Put put) {
  if (is_valid_utf8(text)) return put_valid(text, put);
  put_valid(repaired(text), put);
}

}  // namespace

void put_json_string(std::string& out, std::string_view text) {
  put_any(text, [&](std::string_view piece) { out += piece; });
}

void put_json_string(Output& out, std::string_view text) {
  put_any(text, [&](std::string_view piece) { out.put(piece); });
}

}  // namespace cloche::base
