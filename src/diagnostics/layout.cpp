#include "diagnostics/layout.hpp"

#include <algorithm>

#include "base/stable_order.hpp"
#include "diagnostics/printable.hpp"

namespace cloche::diagnostics {
namespace {

// Characters of a line that are shown, and of it those before the first mark.
constexpr size_t most_shown = 140;
constexpr size_t shown_before = 40;
// Marks on one line; a file that repeats an error a thousand times in a line is not worth more.
constexpr size_t most_marks = 8;

constexpr std::string_view red = "\033[1;31m";
constexpr std::string_view blue = "\033[1;34m";
constexpr std::string_view plain = "\033[0m";

bool is_continuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

/// A mark in columns of what is shown.
struct Placed {
  size_t begin = 0;
  size_t end = 0;
  const Mark* mark = nullptr;
};

/// The part of a line that is shown, and where its marks are in it.
struct Shown {
  std::string text;
  std::vector<Placed> marks;
};

/// The first byte to show: the line's own, or one a little before the first mark.
size_t first_shown(const MarkedLine& line) {
  size_t last = 0;
  size_t first = line.text.size();
  for (const Mark& mark : line.marks) {
    first = std::min(first, mark.begin);
    last = std::max(last, mark.end);
  }
  if (last <= most_shown) return 0;
  // What the error is about must be seen, whatever else is not.
  for (const Mark& mark : line.marks)
    if (mark.primary && mark.begin > first + most_shown - shown_before) first = mark.begin;
  if (first <= shown_before) return 0;
  size_t at = first - shown_before;
  while (at > 0 && is_continuation(line.text[at])) --at;
  return at;
}

Shown show(const MarkedLine& line) {
  Shown shown;
  const size_t first = first_shown(line);
  size_t columns = 0;
  if (first > 0) {
    shown.text = "…";
    columns = 1;
  }
  for (const Mark& mark : line.marks) shown.marks.push_back({0, 0, &mark});
  const auto place = [&](size_t at) {
    for (Placed& placed : shown.marks) {
      if (placed.mark->begin == at) placed.begin = columns;
      if (placed.mark->end == at) placed.end = columns;
    }
  };
  size_t at = first;
  while (at < line.text.size() && columns < most_shown) {
    place(at);
    const size_t length = character_length(line.text.substr(at));
    const std::string_view character = line.text.substr(at, length);
    const std::string spelled = character == "\t" ? " " : printable(character);
    shown.text += spelled;
    columns += spelled == character || character == "\t" ? 1 : spelled.size();
    at += length;
  }
  place(at);
  if (at < line.text.size()) shown.text += "…";
  for (Placed& placed : shown.marks) {
    if (placed.mark->end > at) placed.end = columns;
    placed.end = std::max(placed.end, placed.begin + 1);
  }
  std::erase_if(shown.marks,
                [&](const Placed& placed) { return placed.mark->begin > at || placed.mark->begin < first; });
  base::stable_order(shown.marks, &Placed::begin);
  if (shown.marks.size() > most_marks) {
    base::stable_order(shown.marks, [](const Placed& placed) { return !placed.mark->primary; });
    shown.marks.resize(most_marks);
    base::stable_order(shown.marks, &Placed::begin);
  }
  return shown;
}

/// Characters with a color each, so that marks can be written over each other.
class Row {
 public:
  explicit Row(bool color) : color_(color) {}

  void put(size_t column, char c, bool primary) {
    if (cells_.size() <= column) cells_.resize(column + 1, {' ', none});
    Cell& cell = cells_[column];
    if (cell.ink == of_primary && !primary) return;
    cell = {c, primary ? of_primary : of_other};
  }
  /// Text behind everything else.
  void append(std::string_view text, bool primary) {
    tail_ = text;
    tail_primary_ = primary;
  }
  size_t size() const { return cells_.size(); }

  std::string str() const {
    std::string out;
    Ink ink = none;
    for (const Cell& cell : cells_) {
      switch_to(out, ink, cell.ink);
      out += cell.c;
    }
    if (!tail_.empty()) {
      switch_to(out, ink, tail_primary_ ? of_primary : of_other);
      out += " " + std::string(tail_);
    }
    switch_to(out, ink, none);
    return out;
  }

 private:
  enum Ink : uint8_t { none, of_other, of_primary };
  struct Cell {
    char c;
    Ink ink;
  };
  void switch_to(std::string& out, Ink& ink, Ink wanted) const {
    if (!color_ || ink == wanted) return;
    if (ink != none) out += plain;
    if (wanted != none) out += wanted == of_primary ? red : blue;
    ink = wanted;
  }

  std::vector<Cell> cells_;
  std::string_view tail_;
  bool tail_primary_ = false;
  bool color_;
};

/// The rows of marks beneath a line. The text of the last mark stands beside it, those of the others below,
/// each hanging from its mark.
void put_marks(std::string& out, const std::string& margin, const std::vector<Placed>& marks, bool color) {
  Row row(color);
  size_t last_end = 0;
  for (const Placed& placed : marks) {
    for (size_t column = placed.begin; column < placed.end; ++column)
      row.put(column, placed.mark->primary ? '^' : '-', placed.mark->primary);
    last_end = std::max(last_end, placed.end);
  }
  std::vector<const Placed*> hanging;
  for (const Placed& placed : marks)
    if (!placed.mark->text.empty()) hanging.push_back(&placed);
  const bool beside = !hanging.empty() && hanging.back()->end == last_end;
  std::string text;
  if (beside) {
    text = printable(hanging.back()->mark->text);
    row.append(text, hanging.back()->mark->primary);
    hanging.pop_back();
  }
  out += margin + row.str() + "\n";
  const auto stems = [&](Row& under, size_t count) {
    for (size_t i = 0; i < count; ++i) under.put(hanging[i]->begin, '|', hanging[i]->mark->primary);
  };
  for (size_t left = hanging.size(); left > 0; --left) {
    Row under(color);
    const Placed& placed = *hanging[left - 1];
    stems(under, left - 1);
    // Two marks that begin in the same column need no stem between their texts.
    text = printable(placed.mark->text);
    while (under.size() < placed.begin) under.put(under.size(), ' ', false);
    std::string line = under.str();
    Row words(color);
    words.append(text, placed.mark->primary);
    const std::string said = words.str();
    // Row::append begins with a space, which here is the mark's own column.
    const size_t space = said.find(' ');
    out += margin + line + said.substr(0, space) + said.substr(space + 1) + "\n";
  }
}

}  // namespace

std::string lay_out(std::vector<MarkedLine> lines, bool color) {
  base::stable_order(lines, &MarkedLine::number);
  size_t width = 4;
  for (const MarkedLine& line : lines) width = std::max(width, line.margin.size());
  const std::string empty_margin = std::string(width + 1, ' ') + " | ";
  std::string out;
  uint64_t previous = 0;
  for (const MarkedLine& line : lines) {
    if (previous != 0 && line.number > previous + 1) out += std::string(width - 1, ' ') + " …\n";
    previous = line.number;
    const Shown shown = show(line);
    out += " " + std::string(width - line.margin.size(), ' ') + line.margin + " | " + shown.text + "\n";
    if (!shown.marks.empty()) put_marks(out, empty_margin, shown.marks, color);
  }
  return out;
}

}  // namespace cloche::diagnostics
