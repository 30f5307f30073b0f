#include "base/spelling.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cloche::base {
namespace {
constexpr size_t longest = 100;
}

size_t edit_distance(std::string_view a, std::string_view b, size_t limit) {
  const size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (a.size() > longest || b.size() > longest || difference > limit) return limit + 1;
  // Rows of the usual table: the one being filled, and the two above it.
  std::array<std::array<size_t, longest + 1>, 3> rows{};
  for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = i;
    size_t least = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
  }
  return std::min(rows[a.size() % 3][b.size()], limit + 1);
}

Spelling::Spelling(std::string_view wrong)
    : wrong_(wrong), limit_(std::max<size_t>(1, std::min<size_t>(wrong.size() / 3, 4))) {}

void Spelling::offer(std::string_view candidate) {
  if (looks_left_ == 0 || candidate.empty() || candidate == wrong_) return;
  --looks_left_;
  // With nothing in common, a replacement is no misspelling: one letter is not like another.
  if (wrong_.size() <= 2 && candidate.size() <= 2 && wrong_.substr(0, 1) != candidate.substr(0, 1)) return;
  const size_t bound = nearest_.empty() ? limit_ : limit_ - 1;
  if (!nearest_.empty() && limit_ == 0) return;
  const size_t distance = edit_distance(wrong_, candidate, bound);
  if (distance > bound) return;
  nearest_ = candidate;
  limit_ = distance;
}

}  // namespace cloche::base
