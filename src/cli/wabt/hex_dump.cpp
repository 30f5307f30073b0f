#include "cli/wabt/hex_dump.hpp"

#include <algorithm>
#include <string>

namespace cloche::cli {
namespace {

constexpr size_t bytes_per_line = 16;

std::string line_of(std::span<const uint8_t> bytes, size_t offset) {
  char text[24];
  std::snprintf(text, sizeof text, "%07zx: ", offset);
  std::string line = text;
  for (size_t i = 0; i < bytes_per_line; ++i) {
    if (i < bytes.size())
      std::snprintf(text, sizeof text, "%02x", bytes[i]);
    else
      std::snprintf(text, sizeof text, "  ");
    line += text;
    if (i % 2 == 1) line += ' ';
  }
  return line;
}

}  // namespace

void print_hex_dump(std::span<const uint8_t> bytes, std::FILE* stream, const char* remark) {
  for (size_t at = 0; at < bytes.size(); at += bytes_per_line) {
    const bool last = bytes.size() - at <= bytes_per_line;
    std::string line = line_of(bytes.subspan(at, std::min(bytes_per_line, bytes.size() - at)), at);
    if (last && remark != nullptr) line.append("  ; ").append(remark);
    std::fprintf(stream, "%s\n", line.c_str());
  }
}

}  // namespace cloche::cli
