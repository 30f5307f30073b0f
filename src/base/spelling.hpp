// "Did you mean …?": the known word that is most like an unknown one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cloche::base {

/// Insertions, deletions, replacements and swaps of neighbours that make one word of the other; `limit` + 1
/// when there are more than `limit`. Costs the product of the lengths, and nothing for words longer than 100
/// bytes, which are never alike.
size_t edit_distance(std::string_view a, std::string_view b, size_t limit);

/// Takes candidates one by one and keeps the nearest. Candidates beyond the first 100,000 are not looked at.
class Spelling {
 public:
  explicit Spelling(std::string_view wrong);
  void offer(std::string_view candidate);
  /// The nearest candidate, or an empty text when none is near enough to be meant: a third of the word may
  /// differ.
  const std::string& nearest() const { return nearest_; }

 private:
  std::string_view wrong_;
  std::string nearest_;
  size_t limit_;  // a candidate must be at most this far
  size_t looks_left_ = 100'000;
};

}  // namespace cloche::base
