#include "debug/source_spans.hpp"

#include <algorithm>

namespace cloche::debug {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string SourceSpan::to_string() const {
  std::string place = std::to_string(begin.line) + ":" + std::to_string(begin.column) + "-";
  if (end.line != begin.line) place += std::to_string(end.line) + ":";
  return place + std::to_string(end.column);
}

SourceSpans::SourceSpans(const symbols::TextSource& source) : source_(source), lines_(source.text) {
  for (const auto& entry : source.offsets.entries()) starts_.push_back(entry.source_offset);
  std::sort(starts_.begin(), starts_.end());
  scan();
}

// Finds parentheses and comments. The text was assembled before, so strings and comments end.
void SourceSpans::scan() {
  const std::string_view text = source_.text;
  std::vector<uint32_t> open;  // indices in pairs_
  for (uint32_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = i + 1 < text.size();
    if (c == '"') {
      while (++i < text.size() && text[i] != '"')
        if (text[i] == '\\') ++i;
    } else if (c == ';' && doubled && text[i + 1] == ';') {
      comments_.push_back(i);
      while (i + 1 < text.size() && text[i + 1] != '\n' && text[i + 1] != '\r') ++i;
    } else if (c == '(' && doubled && text[i + 1] == ';') {
      comments_.push_back(i);
      int depth = 1;
      for (i += 2; i + 1 < text.size() && depth != 0; ++i) {
        if (text[i] == '(' && text[i + 1] == ';')
          ++depth, ++i;
        else if (text[i] == ';' && text[i + 1] == ')')
          --depth, ++i;
      }
      --i;
    } else if (c == '(') {
      open.push_back(static_cast<uint32_t>(pairs_.size()));
      pairs_.push_back({i, i});
    } else if (c == ')' && !open.empty()) {
      pairs_[open.back()].close = i;
      open.pop_back();
    }
  }
}

/// Whether the keyword at `begin` stands right behind an opening parenthesis.
bool SourceSpans::follows_parenthesis(uint32_t begin, uint32_t& open) const {
  uint32_t at = begin;
  while (at > 0 && is_space(source_.text[at - 1])) --at;
  open = at - 1;
  return at > 0 && source_.text[open] == '(';
}

/// One past the last immediate of an instruction that is not folded: before the next instruction, comment or
/// parenthesis that closes something around it.
uint32_t SourceSpans::end_of_plain(uint32_t begin) const {
  const std::string_view text = source_.text;
  const auto next = [&](const std::vector<uint32_t>& places) {
    const auto at = std::upper_bound(places.begin(), places.end(), begin);
    return at == places.end() ? static_cast<uint32_t>(text.size()) : *at;
  };
  uint32_t end = std::min(next(starts_), next(comments_));
  int depth = 0;
  for (uint32_t i = begin; i < end; ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth < 0) end = i;
  }
  while (end > begin + 1 && (is_space(text[end - 1]) || text[end - 1] == '(')) --end;
  return end;
}

std::string SourceSpans::shortened(uint32_t begin, uint32_t end) const {
  constexpr size_t longest = 80;
  std::string text;
  for (uint32_t i = begin; i < end && text.size() <= longest; ++i) {
    const bool space = is_space(source_.text[i]);
    if (space && (text.empty() || text.back() == ' ')) continue;
    text += space ? ' ' : source_.text[i];
  }
  if (text.size() <= longest) return text;
  text.resize(longest);
  // Not within a character.
  while (!text.empty() && (static_cast<uint8_t>(text.back()) & 0xC0) == 0x80) text.pop_back();
  if (!text.empty() && static_cast<uint8_t>(text.back()) >= 0x80) text.pop_back();
  return text + "…";
}

std::optional<SourceSpan> SourceSpans::find(uint32_t module_offset) const {
  const auto& entries = source_.offsets.entries();
  const auto entry =
      std::lower_bound(entries.begin(), entries.end(), module_offset,
                       [](const auto& item, uint32_t offset) { return item.module_offset < offset; });
  if (entry == entries.end() || entry->module_offset != module_offset) return std::nullopt;
  uint32_t begin = entry->source_offset;
  if (begin >= source_.text.size()) return std::nullopt;
  uint32_t end = begin + 1;
  if (source_.text[begin] == ')') {
    // The `end` of something folded is its closing parenthesis.
  } else if (uint32_t open = 0; follows_parenthesis(begin, open)) {
    const auto pair =
        std::lower_bound(pairs_.begin(), pairs_.end(), open,
                         [](const Parenthesis& item, uint32_t offset) { return item.open < offset; });
    if (pair == pairs_.end() || pair->open != open) return std::nullopt;
    begin = open;
    end = pair->close + 1;
  } else {
    end = end_of_plain(begin);
  }
  return SourceSpan{lines_.line_column(begin), lines_.line_column(end - 1), shortened(begin, end)};
}

}  // namespace cloche::debug
