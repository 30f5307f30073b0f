#include "text/source_text.hpp"

#include <algorithm>

#include "base/byte_block.hpp"

namespace cloche::text {
namespace {

bool is_continuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

uint64_t count_scalars(std::string_view text) {
  return static_cast<uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

size_t ascii_prefix(std::string_view text, size_t at) {
  constexpr size_t blocks = 4 * base::byte_block_size;
  for (; text.size() - at >= blocks; at += blocks) {
    const auto block = [&](size_t i) {
      return base::ByteBlock::load(text.data() + at + i * base::byte_block_size).beyond_ascii();
    };
    if ((block(0) | block(1) | block(2) | block(3)).bits() != 0) break;
  }
  while (at < text.size() && static_cast<uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

// Bytes of the well-formed sequence at `at`, which does not begin with an ASCII byte; 0 when it is malformed.
size_t sequence_size(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> uint32_t {
    return at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : 0;
  };
  const auto tail = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint32_t lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const uint32_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const uint32_t high = lead == 0xED ? 0x9F : 0xBF;
    return byte(1) >= low && byte(1) <= high && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const uint32_t low = lead == 0xF0 ? 0x90 : 0x80;
    const uint32_t high = lead == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= low && byte(1) <= high && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

const std::vector<uint64_t>& SourceText::line_starts() const {
  if (!line_starts_.empty()) return line_starts_;
  line_starts_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n')))
      line_starts_.push_back(i + 1);
  }
  return line_starts_;
}

LineColumn SourceText::line_column(uint64_t offset) const {
  offset = std::min<uint64_t>(offset, text_.size());
  const auto& starts = line_starts();
  const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  const uint64_t line = static_cast<uint64_t>(after - starts.begin());
  const uint64_t start = starts[line - 1];
  return {line, 1 + count_scalars(text_.substr(start, offset - start))};
}

std::string_view SourceText::line(uint64_t line) const {
  const auto& starts = line_starts();
  if (line == 0 || line > starts.size()) return {};
  const uint64_t end = line < starts.size() ? starts[line] : text_.size();
  std::string_view text = text_.substr(starts[line - 1], end - starts[line - 1]);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

uint64_t SourceText::line_start(uint64_t line) const {
  const auto& starts = line_starts();
  return line == 0 || line > starts.size() ? text_.size() : starts[line - 1];
}

LineColumn line_column(std::string_view text, uint64_t offset) {
  offset = std::min<uint64_t>(offset, text.size());
  uint64_t line = 1;
  size_t start = 0;
  for (size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) {
      ++line;
      start = i + 1;
    }
  }
  return {line, 1 + count_scalars(text.substr(start, offset - start))};
}

std::optional<uint64_t> find_invalid_utf8(std::string_view text) {
  for (size_t at = ascii_prefix(text, 0); at < text.size(); at = ascii_prefix(text, at)) {
    const size_t size = sequence_size(text, at);
    if (size == 0) return at;
    at += size;
  }
  return std::nullopt;
}

wasm::Result<void> check_source(std::string_view text) {
  if (text.size() > max_source_bytes)
    return wasm::fail_limit("bytes of source text", text.size(), max_source_bytes, 0);
  if (const auto bad = find_invalid_utf8(text)) return wasm::fail(wasm::ErrorCode::malformed_utf8, *bad);
  return {};
}

}  // namespace cloche::text
