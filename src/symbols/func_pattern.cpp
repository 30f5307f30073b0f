#include "symbols/func_pattern.hpp"

#include <string>

namespace cloche::symbols {

bool matches_pattern(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0;
  size_t star = std::string_view::npos, retry = 0;  // the last star, and where the text goes on behind it
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool func_matches(std::string_view pattern, std::string_view name, uint32_t index) {
  if (pattern == std::to_string(index)) return true;
  if (pattern.starts_with('$')) pattern.remove_prefix(1);
  if (name.empty()) return false;
  return matches_pattern(pattern, name) || matches_pattern(pattern, name.substr(0, name.find('(')));
}

}  // namespace cloche::symbols
