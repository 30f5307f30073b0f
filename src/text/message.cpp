#include "text/message.hpp"

#include "text/number.hpp"

namespace cloche::text {
namespace {

bool is_unknown_word(std::string_view text, Word word) {
  if (word != Word::unknown) return false;
  if (text.starts_with("nan:")) return number_shape(text) == NumberShape::none;
  for (const std::string_view prefix : {"offset=", "align="})
    if (text.starts_with(prefix)) return number_shape(text.substr(prefix.size())) != NumberShape::natural;
  return true;
}

bool is_unknown(const Token& token, std::string_view text) {
  switch (token.kind) {
    case TokenKind::word:
      return is_unknown_word(text, token.word);
    case TokenKind::open:
      return token.size != 0 && is_unknown_word(text, token.word);
    case TokenKind::number:
      return number_shape(text) == NumberShape::none;
    case TokenKind::reserved:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool is_unknown_token(const Lexer& lexer, const Token& token) { return is_unknown(token, lexer.text(token)); }

std::string excerpt(std::string_view text) {
  constexpr size_t most = 60;
  if (text.size() <= most) return std::string(text);
  size_t size = most;
  while (size > 0 && (static_cast<uint8_t>(text[size]) & 0xC0) == 0x80)
    --size;  // not within a UTF-8 sequence
  return std::string(text.substr(0, size)) + "...";
}

base::Unexpected<Failed> report_unexpected(const Lexer& lexer, const Token& place, const Token& token,
                                           ErrorSlot& errors) {
  if (errors.failed()) return {Failed{}};
  const std::string_view text = lexer.text(token);
  if (is_unknown(token, text))
    return errors.set(wasm::ErrorCode::unknown_operator, token.offset, excerpt(text));
  std::string detail;
  if (token.kind == TokenKind::end)
    detail = "end of input";
  else if (place.kind == TokenKind::open)
    detail = "(" + excerpt(text);
  else
    detail = excerpt(text);
  return errors.set(wasm::ErrorCode::unexpected_token, place.paren, std::move(detail));
}

}  // namespace cloche::text
