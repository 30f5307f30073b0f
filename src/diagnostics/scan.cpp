#include "diagnostics/scan.hpp"

#include <algorithm>

#include "text/lexer.hpp"

namespace cloche::diagnostics {
namespace {

using text::Token;
using text::TokenKind;
using text::Word;

/// A lexer from an offset on, whose errors nobody looks at.
class Scanner {
 public:
  Scanner(std::string_view source, uint64_t begin, uint64_t end)
      : lexer_(source, static_cast<uint32_t>(std::min<uint64_t>(begin, source.size())),
               static_cast<uint32_t>(std::min<uint64_t>(end, source.size())), errors_) {
    lexer_.keep_annotations(false);
  }
  Token next() { return lexer_.next(); }
  bool skip_group() { return lexer_.skip_group(); }
  uint64_t position() const { return lexer_.position(); }

 private:
  text::ErrorSlot errors_;
  text::Lexer lexer_;
};

bool is_immediate_group(Word word) {
  return word == Word::result || word == Word::param || word == Word::type || word == Word::local ||
         word == Word::ref || word == Word::export_ || word == Word::import_;
}

bool is_atom(const Token& token) {
  switch (token.kind) {
    case TokenKind::number:
    case TokenKind::id:
    case TokenKind::string:
      return true;
    case TokenKind::word:
      return !text::is_op(token.word);
    default:
      return false;
  }
}

/// f(token, span) for each group directly within one.
template <class F>
void for_each_group(std::string_view source, Span group, F f) {
  Scanner scanner(source, group.begin, group.end);
  scanner.next();
  constexpr size_t most = 10'000;
  for (size_t count = 0; count < most;) {
    const Token token = scanner.next();
    if (token.kind == TokenKind::end || token.kind == TokenKind::error || token.kind == TokenKind::close)
      return;
    if (token.kind != TokenKind::open) continue;
    if (!scanner.skip_group()) return;
    f(token, Span{token.paren, scanner.position()});
    ++count;
  }
}

}  // namespace

Span token_at(std::string_view source, uint64_t offset) {
  offset = std::min<uint64_t>(offset, source.size());
  if (offset < source.size() && (source[offset] == '(' || source[offset] == ')')) return {offset, offset + 1};
  Scanner scanner(source, offset, source.size());
  const Token token = scanner.next();
  if (token.kind == TokenKind::end || token.kind == TokenKind::error || token.offset != offset ||
      token.size == 0) {
    uint64_t end = offset;
    const auto stops = [](char c) {
      return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == ')';
    };
    while (end < source.size() && end < offset + 80 && !stops(source[end])) ++end;
    return {offset, std::max(end, std::min<uint64_t>(offset + 1, source.size()))};
  }
  return {offset, offset + token.size};
}

Span atoms_at(std::string_view source, uint64_t offset) {
  Span span = token_at(source, offset);
  if (offset >= source.size() || source[offset] == '(' || source[offset] == ')') return span;
  Scanner scanner(source, offset, source.size());
  scanner.next();
  for (Token token = scanner.next(); is_atom(token); token = scanner.next())
    span.end = token.offset + token.size;
  return span;
}

Span operand_place(std::string_view source, Span span, std::string_view spelled) {
  if (!span.exists()) return span;
  Scanner scanner(source, span.begin, span.end);
  Span found, second;
  size_t count = 0;
  for (Token token = scanner.next(); token.kind != TokenKind::end && token.kind != TokenKind::error;
       token = scanner.next()) {
    const Span place{token.offset, token.offset + token.size};
    if (token.kind == TokenKind::close) continue;
    if (count == 1) second = place;
    if (count > 0 && slice(source, place) == spelled) found = place;
    ++count;
  }
  if (found.exists()) return found;
  return count == 2 ? second : span;
}

std::optional<Span> group_at(std::string_view source, uint64_t paren) {
  Scanner scanner(source, paren, source.size());
  const Token token = scanner.next();
  if (token.kind != TokenKind::open || token.paren != paren || !scanner.skip_group()) return std::nullopt;
  return Span{paren, scanner.position()};
}

std::optional<uint64_t> paren_before(std::string_view source, uint64_t offset) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  offset = std::min<uint64_t>(offset, source.size());
  while (offset > 0 && is_space(source[offset - 1])) --offset;
  if (offset == 0 || source[offset - 1] != '(') return std::nullopt;
  return offset - 1;
}

bool is_folded(std::string_view source, uint64_t keyword) {
  return paren_before(source, keyword).has_value();
}

Span expression_at(std::string_view source, uint64_t keyword) {
  if (const auto paren = paren_before(source, keyword))
    if (const auto group = group_at(source, *paren)) return *group;
  return atoms_at(source, keyword);
}

std::vector<Span> operand_groups(std::string_view source, Span group) {
  std::vector<Span> spans;
  for_each_group(source, group, [&](const Token& token, Span span) {
    if (!is_immediate_group(token.word)) spans.push_back(span);
  });
  return spans;
}

std::vector<Span> groups_in(std::string_view source, Span group) {
  std::vector<Span> spans;
  for_each_group(source, group, [&](const Token&, Span span) { spans.push_back(span); });
  return spans;
}

std::string_view group_word(std::string_view source, Span group) {
  Scanner scanner(source, group.begin, group.end);
  const Token token = scanner.next();
  return token.kind == TokenKind::open ? source.substr(token.offset, token.size) : std::string_view();
}

std::vector<uint64_t> open_parens(std::string_view source, uint64_t offset) {
  std::vector<uint64_t> open;
  Scanner scanner(source, 0, std::min<uint64_t>(offset, source.size()));
  for (;;) {
    const Token token = scanner.next();
    if (token.kind == TokenKind::end || token.kind == TokenKind::error) break;
    if (token.kind == TokenKind::open) open.push_back(token.paren);
    if (token.kind == TokenKind::close && !open.empty()) open.pop_back();
  }
  constexpr size_t most = 1000;
  if (open.size() > most) open.erase(open.begin(), open.end() - most);
  return open;
}

uint64_t line_begin(std::string_view source, uint64_t offset) {
  offset = std::min<uint64_t>(offset, source.size());
  while (offset > 0 && source[offset - 1] != '\n' && source[offset - 1] != '\r') --offset;
  return offset;
}

uint64_t indent_of(std::string_view source, uint64_t offset) {
  const uint64_t begin = line_begin(source, offset);
  uint64_t at = begin;
  while (at < source.size() && (source[at] == ' ' || source[at] == '\t')) ++at;
  return at - begin;
}

}  // namespace cloche::diagnostics
