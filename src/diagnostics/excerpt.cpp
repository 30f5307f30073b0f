#include "diagnostics/excerpt.hpp"

#include <algorithm>

#include "diagnostics/printable.hpp"

namespace cloche::diagnostics {
namespace {

// Characters shown before and after the place.
constexpr uint64_t shown_before = 60;
constexpr uint64_t shown_after = 40;

constexpr std::string_view ellipsis = "…";

/// What is shown of a line, and how far from its start the mark stands.
struct Shown {
  std::string text;
  size_t mark = 0;  // in characters
};

Shown show(std::string_view line, uint64_t column) {
  const uint64_t first = column > shown_before ? column - shown_before : 1;
  Shown shown;
  if (first > 1) shown = {std::string(ellipsis), 1};
  uint64_t at = 1;
  for (; !line.empty() && at < column + shown_after; ++at) {
    const size_t length = character_length(line);
    const std::string_view character = line.substr(0, length);
    line.remove_prefix(length);
    if (at < first) continue;
    const std::string spelled = character == "\t" ? " " : printable(character);
    shown.text += spelled;
    // An escaped character is as wide as its bytes; any other counts as one column.
    if (at < column) shown.mark += spelled == character || character == "\t" ? 1 : spelled.size();
  }
  if (!line.empty()) shown.text += ellipsis;
  return shown;
}

}  // namespace

std::string excerpt(const text::SourceText& source, text::LineColumn place) {
  const std::string_view line = source.line(place.line);
  if (line.empty()) return {};
  const Shown shown = show(line, place.column);
  const std::string number = std::to_string(place.line);
  const std::string margin(std::max<size_t>(5, number.size() + 1), ' ');
  return margin.substr(number.size()) + number + " | " + shown.text + "\n" + margin + " | " +
         std::string(shown.mark, ' ') + "^\n";
}

}  // namespace cloche::diagnostics
