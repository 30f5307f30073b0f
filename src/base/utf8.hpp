// UTF-8 as the specification's names need it (spec: Binary Format / Values / Names).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cloche::base {

/// True when the bytes are well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_valid_utf8(std::span<const uint8_t> bytes);
inline bool is_valid_utf8(std::string_view text) {
  return is_valid_utf8(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

/// Appends the UTF-8 encoding of a Unicode scalar value.
void append_utf8(std::string& out, char32_t scalar);

}  // namespace cloche::base
