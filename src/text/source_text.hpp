// Places in source text: line and column of a byte offset, and the check that the text is UTF-8 at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "wasm/error.hpp"

namespace cloche::text {

/// A place a person can find: both count from 1, the column in Unicode scalar values (a tab counts 1).
struct LineColumn {
  uint64_t line = 1;
  uint64_t column = 1;
  friend bool operator==(LineColumn, LineColumn) = default;
};

/// Source text with an index of its lines, built on first use. Borrows the text.
class SourceText {
 public:
  explicit SourceText(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }
  /// The place of a byte offset; offsets beyond the end give the place after the last byte.
  /// A line ends with \n, \r or \r\n.
  LineColumn line_column(uint64_t offset) const;
  /// The text of a line (from 1), without its end; empty when there is no such line.
  std::string_view line(uint64_t line) const;
  /// The byte offset at which a line (from 1) begins; the text's size when there is no such line.
  uint64_t line_start(uint64_t line) const;

 private:
  const std::vector<uint64_t>& line_starts() const;

  std::string_view text_;
  mutable std::vector<uint64_t> line_starts_;  // filled by line_starts()
};

/// The place of one offset, without an index.
LineColumn line_column(std::string_view text, uint64_t offset);

/// The offset of the first byte that is not well-formed UTF-8, if any.
std::optional<uint64_t> find_invalid_utf8(std::string_view text);

/// Source text is limited to 4 GiB less one byte.
inline constexpr uint64_t max_source_bytes = 0xFFFFFFFF;

/// Checks size and encoding. Fails: limit_exceeded; malformed_utf8 at the first bad byte.
wasm::Result<void> check_source(std::string_view text);

}  // namespace cloche::text
