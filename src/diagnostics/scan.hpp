// Finds its way in source text by tokens: what an instruction's words are, which group a parenthesis opens.
// For text that has an error somewhere, so everything can also find nothing.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.hpp"

namespace cloche::diagnostics {

inline std::string_view slice(std::string_view source, Span span) {
  if (!span.exists() || span.begin > source.size()) return {};
  return source.substr(span.begin, span.end - span.begin);
}

/// The token at an offset; of a parenthesis only itself. One byte where no token is.
Span token_at(std::string_view source, uint64_t offset);

/// An instruction's keyword at an offset and the words that belong to it: names, numbers, strings; not what
/// stands in parentheses.
Span atoms_at(std::string_view source, uint64_t offset);

/// The last of a span's words that is spelled so, behind the first of them; where there is none, the second
/// if there are only two, else the span.
Span operand_place(std::string_view source, Span span, std::string_view spelled);

/// From the parenthesis at an offset to the one that closes it.
std::optional<Span> group_at(std::string_view source, uint64_t paren);

/// The parenthesis right before a word, with only white space between.
std::optional<uint64_t> paren_before(std::string_view source, uint64_t offset);

/// A keyword's group if it is folded, otherwise its atoms.
Span expression_at(std::string_view source, uint64_t keyword);
bool is_folded(std::string_view source, uint64_t keyword);

/// The groups directly within a group, without those that are an instruction's immediates (result, param,
/// type).
std::vector<Span> operand_groups(std::string_view source, Span group);

/// All groups directly within a group.
std::vector<Span> groups_in(std::string_view source, Span group);

/// The word behind a group's parenthesis.
std::string_view group_word(std::string_view source, Span group);

/// Parentheses that are open at an offset, the outermost first; at most the innermost 1000.
std::vector<uint64_t> open_parens(std::string_view source, uint64_t offset);

/// The number of bytes of white space that begin the line of an offset.
uint64_t indent_of(std::string_view source, uint64_t offset);

/// Where the line of an offset begins.
uint64_t line_begin(std::string_view source, uint64_t offset);

}  // namespace cloche::diagnostics
