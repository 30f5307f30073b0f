// Which part of a text an instruction is: of a folded one its parentheses and all that they enclose, of
// another one its keyword and immediates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "symbols/symbols.hpp"
#include "text/source_text.hpp"

namespace cloche::debug {

/// [begin, end) of a source.
struct SourceSpan {
  text::LineColumn begin;
  text::LineColumn end;  // of the last character
  std::string text;      // shortened, on one line

  /// "6:5-8:23", or "6:5-23" on one line.
  std::string to_string() const;
};

/// The spans of a module that was assembled from text. Borrows the source. Reading it is linear.
class SourceSpans {
 public:
  explicit SourceSpans(const symbols::TextSource& source);

  /// The span of the instruction at an offset in the module; nothing when none begins there.
  std::optional<SourceSpan> find(uint32_t module_offset) const;

 private:
  struct Parenthesis {
    uint32_t open = 0;
    uint32_t close = 0;
  };
  void scan();
  uint32_t end_of_plain(uint32_t begin) const;
  std::string shortened(uint32_t begin, uint32_t end) const;
  bool follows_parenthesis(uint32_t begin, uint32_t& open) const;

  const symbols::TextSource& source_;
  text::SourceText lines_;
  std::vector<Parenthesis> pairs_;  // by open
  std::vector<uint32_t> comments_;  // begins of comments, in order
  std::vector<uint32_t> starts_;    // source offsets of instructions, in order
};

}  // namespace cloche::debug
