#include "base/utf8.hpp"

#include <cstring>

namespace cloche::base {
namespace {

struct Sequence {
  int length;          // bytes in all; 0 when the lead byte is not one
  uint8_t second_min;  // the second byte carries the restrictions on overlong forms, surrogates and range
  uint8_t second_max;
};

Sequence sequence_of(uint8_t lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

bool is_valid_utf8(std::span<const uint8_t> bytes) {
  size_t i = 0;
  while (i < bytes.size()) {
    // Names are nearly always ASCII: eight bytes at a time.
    if (bytes.size() - i >= 8) {
      uint64_t word;
      std::memcpy(&word, bytes.data() + i, 8);
      if ((word & 0x8080808080808080u) == 0) {
        i += 8;
        continue;
      }
    }
    const Sequence sequence = sequence_of(bytes[i]);
    if (sequence.length == 0 || bytes.size() - i < static_cast<size_t>(sequence.length)) return false;
    if (sequence.length > 1 && (bytes[i + 1] < sequence.second_min || bytes[i + 1] > sequence.second_max))
      return false;
    for (int k = 2; k < sequence.length; ++k)
      if ((bytes[i + static_cast<size_t>(k)] & 0xC0) != 0x80) return false;
    i += static_cast<size_t>(sequence.length);
  }
  return true;
}

void append_utf8(std::string& out, char32_t scalar) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  const uint32_t c = scalar;
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace cloche::base
