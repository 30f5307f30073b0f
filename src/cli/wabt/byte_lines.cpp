#include "cli/wabt/byte_lines.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace cloche::cli {

void ByteLines::heading(std::string_view text) {
  std::fprintf(stream_, "; %.*s\n", static_cast<int>(text.size()), text.data());
}

void ByteLines::line(size_t shown, std::span<const uint8_t> bytes, std::string_view meaning,
                     bool with_chars) {
  constexpr size_t most = 16;
  for (size_t at = 0; at < bytes.size(); at += most) {
    const auto part = bytes.subspan(at, std::min(most, bytes.size() - at));
    std::string text;
    char piece[24];
    std::snprintf(piece, sizeof piece, "%07zx: ", shown + at);
    text += piece;
    for (size_t i = 0; i < most; ++i) {
      std::snprintf(piece, sizeof piece, i < part.size() ? "%02x" : "  ", i < part.size() ? part[i] : 0);
      text += piece;
      if (i % 2 == 1) text += ' ';
    }
    if (with_chars) {
      text += ' ';
      for (const uint8_t c : part) text += c >= 0x20 && c < 0x7F ? static_cast<char>(c) : '.';
    }
    if (at + most >= bytes.size()) text.append("  ; ").append(meaning);
    std::fprintf(stream_, "%s\n", text.c_str());
  }
}

void ByteLines::data(size_t size, std::string_view meaning, bool with_chars) {
  size = std::min(size, bytes_.size() - at_);
  line(at_ - shift_, bytes_.subspan(at_, size), meaning, with_chars);
  at_ += size;
}

uint8_t ByteLines::byte(std::string_view meaning) {
  const uint8_t value = peek();
  data(1, meaning);
  return value;
}

size_t ByteLines::leb_size() const {
  size_t size = 1;
  while (at_ + size < bytes_.size() && (bytes_[at_ + size - 1] & 0x80) != 0) ++size;
  return size;
}

uint64_t ByteLines::leb(std::string_view meaning) {
  const size_t size = leb_size();
  uint64_t value = 0;
  for (size_t i = 0; i < size && i < 10 && at_ + i < bytes_.size(); ++i)
    value |= uint64_t{bytes_[at_ + i] & 0x7Fu} << (7 * i);
  data(size, meaning);
  return value;
}

void ByteLines::string(std::string_view meaning) { data(leb("string length"), meaning, true); }

size_t ByteLines::begin_size(std::string_view meaning) {
  constexpr std::array<uint8_t, padded_bytes> zeros{};
  const OpenSize size{at_, leb_size(), at_ - shift_};
  line(size.shown, std::span(zeros).first(guess_bytes()), meaning, false);
  uint64_t value = 0;
  for (size_t i = 0; i < size.leb_bytes && at_ + i < bytes_.size(); ++i)
    value |= uint64_t{bytes_[at_ + i] & 0x7Fu} << (7 * i);
  at_ += size.leb_bytes;
  shift_ += size.leb_bytes - guess_bytes();
  open_.push_back(size);
  return at_ + std::min<uint64_t>(value, bytes_.size() - at_);
}

void ByteLines::end_size(std::string_view meaning) {
  const OpenSize size = open_.back();
  open_.pop_back();
  const size_t longer = size.leb_bytes - guess_bytes();
  const size_t contents = at_ - size.field - size.leb_bytes;
  const size_t begin = size.shown + guess_bytes();
  shift_ -= longer;
  if (longer != 0)
    std::fprintf(stream_, "; move data: [%zx, %zx) -> [%zx, %zx)\n", begin, begin + contents, begin + longer,
                 begin + longer + contents);
  line(size.shown, bytes_.subspan(size.field, size.leb_bytes), meaning, false);
}

}  // namespace cloche::cli
