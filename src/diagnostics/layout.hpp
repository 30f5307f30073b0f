// Lines of source with marks beneath them. Knows nothing of errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloche::diagnostics {

/// Marks characters [begin, end) of a line, in bytes of it.
struct Mark {
  size_t begin = 0;
  size_t end = 0;
  bool primary = false;
  std::string text;
};

/// A line with its marks, and what stands in the margin before it.
struct MarkedLine {
  uint64_t number = 0;  // lines that do not follow each other are told apart by it
  std::string margin;   // a line number or an offset
  std::string_view text;
  std::vector<Mark> marks;
};

/// The lines as text, each with its end. Margins are aligned; a gap between lines is shown as "…". With
/// `color`, marks are colored.
std::string lay_out(std::vector<MarkedLine> lines, bool color);

}  // namespace cloche::diagnostics
