#include "diagnostics/wabt_excerpt.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "diagnostics/printable.hpp"

namespace cloche::diagnostics {
namespace {

constexpr size_t width = 80;
constexpr std::string_view ellipsis = "...";

/// A line as it is spelled, one column of the terminal each.
struct Columns {
  std::vector<std::string> cells;
  size_t begin = 0;  // of the mark
  size_t end = 0;
};

Columns columns_of(std::string_view line, size_t begin, size_t end) {
  Columns columns;
  size_t at = 0;
  const auto note_mark = [&] {
    if (at <= begin) columns.begin = columns.cells.size();
    if (at <= end) columns.end = columns.cells.size();
  };
  while (at < line.size()) {
    note_mark();
    const std::string_view character = line.substr(at, character_length(line.substr(at)));
    const std::string spelled = character == "\t" ? " " : printable(character);
    if (spelled == character)
      columns.cells.push_back(spelled);
    else
      for (const char c : spelled) columns.cells.emplace_back(1, c);
    at += character.size();
  }
  note_mark();
  return columns;
}

/// Cuts to the width, around the middle of the mark, or around its beginning where it is too long itself.
/// Returns the first column that is left.
size_t cut(Columns& columns) {
  const size_t all = columns.cells.size();
  if (all <= width) return 0;
  const bool fits = columns.end - columns.begin <= width;
  const size_t middle = fits ? (columns.begin + columns.end) / 2 : columns.begin;
  const size_t first = std::min(middle - std::min(middle, width / 2), all - width);
  columns.cells.erase(columns.cells.begin() + static_cast<ptrdiff_t>(first + width), columns.cells.end());
  columns.cells.erase(columns.cells.begin(), columns.cells.begin() + static_cast<ptrdiff_t>(first));
  for (size_t i = 0; i < ellipsis.size(); ++i) {
    if (first > 0) columns.cells[i] = ellipsis[i];
    if (first + width < all) columns.cells[width - 1 - i] = ellipsis[i];
  }
  return first;
}

/// The part of a line, and of a mark in it, that can be seen: so that lines of any length cost the same.
struct Window {
  std::string_view line;
  size_t begin;
  size_t end;
};

Window window_of(std::string_view line, size_t begin, size_t end) {
  constexpr size_t margin = 16 * width;  // bytes, of which a column may have a few
  const auto is_boundary = [&](size_t at) {
    return at >= line.size() || (static_cast<uint8_t>(line[at]) & 0xC0) != 0x80;
  };
  begin = std::min(begin, line.size());
  end = std::min(end, begin + margin);
  size_t from = begin - std::min(begin, margin);
  while (from < begin && !is_boundary(from)) ++from;
  size_t to = std::min(std::max(begin, end) + margin, line.size());
  while (!is_boundary(to)) ++to;
  return {line.substr(from, to - from), begin - from, end - std::min(end, from)};
}

}  // namespace

std::string wabt_excerpt(std::string_view whole, size_t whole_begin, size_t whole_end, bool color) {
  if (whole.empty()) return {};
  const auto [line, begin, end] = window_of(whole, whole_begin, whole_end);
  Columns columns = columns_of(line, begin, end);
  const size_t first = cut(columns);
  std::string out;
  for (const std::string& cell : columns.cells) out += cell;
  const size_t before = columns.begin - std::min(columns.begin, first);
  const size_t room = columns.cells.size() - std::min(columns.cells.size(), before);
  const size_t carets = std::max<size_t>(1, std::min(columns.end - columns.begin, room));
  out += "\n" + std::string(before, ' ') + (color ? "\033[1m\033[32m" : "") + std::string(carets, '^') +
         (color ? "\033[0m" : "") + "\n";
  return out;
}

}  // namespace cloche::diagnostics
