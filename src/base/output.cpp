#include "base/output.hpp"

#include <algorithm>
#include <charconv>

namespace cloche::base {

void Output::make_room() { flush(); }

bool Output::flush() {
  const std::string_view piece(buffer_.get(), static_cast<size_t>(at_ - buffer_.get()));
  handed_on_ += piece.size();
  at_ = buffer_.get();
  if (!failed_ && !piece.empty()) failed_ = !sink_(context_, piece);
  return !failed_;
}

void Output::put_long(std::string_view text) {
  flush();
  handed_on_ += text.size();
  if (!failed_) failed_ = !sink_(context_, text);
}

void Output::spaces(size_t count) {
  while (count != 0) {
    const size_t piece = std::min(count, max_reserved);
    char* const to = reserve(piece);
    std::memset(to, ' ', piece);
    commit(to + piece);
    count -= piece;
  }
}

char* Output::write_decimal(char* to, uint64_t value) {
  if (value < 10) {
    *to = static_cast<char>('0' + value);
    return to + 1;
  }
  return std::to_chars(to, to + 20, value).ptr;
}

void Output::decimal(uint64_t value) { commit(write_decimal(reserve(20), value)); }

void Output::signed_decimal(int64_t value) {
  char* const to = reserve(20);
  commit(std::to_chars(to, to + 20, value).ptr);
}

void Output::hex(uint64_t value, unsigned width) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
  const size_t size = static_cast<size_t>(end - digits);
  char* to = reserve(32);
  if (size < width) {
    std::memset(to, '0', width - size);
    to += width - size;
  }
  std::memcpy(to, digits, size);
  commit(to + size);
}

}  // namespace cloche::base
