#include "dump/hexdump.hpp"

#include <algorithm>

namespace cloche::dump {
namespace {

constexpr size_t bytes_per_line = 16;

char* put_pairs(char* to, std::span<const uint8_t> line) {
  for (size_t i = 0; i < bytes_per_line; ++i) {
    *to++ = i < line.size() ? "0123456789abcdef"[line[i] >> 4] : ' ';
    *to++ = i < line.size() ? "0123456789abcdef"[line[i] & 15] : ' ';
    if (i % 2 == 1) *to++ = ' ';
  }
  return to;
}

}  // namespace

void put_hexdump(base::Output& out, std::span<const uint8_t> bytes, uint64_t base, std::string_view prefix) {
  for (size_t at = 0; at < bytes.size(); at += bytes_per_line) {
    const auto line = bytes.subspan(at, std::min(bytes_per_line, bytes.size() - at));
    out.put(prefix);
    out.hex(base + at, 7);
    out.put(": ");
    char* to = put_pairs(out.reserve(128), line);
    *to++ = ' ';
    for (const uint8_t byte : line) *to++ = byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
    *to++ = '\n';
    out.commit(to);
  }
}

}  // namespace cloche::dump
