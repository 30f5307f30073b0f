// Tokens, comments and strings. skip_annotation and skip_group are in lexer_skip.cpp.
#include "text/lexer.hpp"

#include "text/characters.hpp"

namespace cloche::text {

using base::byte_block_size;
using base::ByteBlock;
using wasm::ErrorCode;

Token Lexer::make(TokenKind kind, const char* start) const {
  Token token;
  token.kind = kind;
  token.offset = token.paren = offset_of(start);
  token.size = static_cast<uint32_t>(at_ - start);
  return token;
}

Token Lexer::fail(ErrorCode code, const char* at, std::string detail) {
  static_cast<void>(errors_.set(code, offset_of(at), std::move(detail)));
  failed_ = true;
  at_ = at;
  return make(TokenKind::error, at);
}

void Lexer::seek(uint32_t offset) {
  at_ = begin_ + offset;
  has_held_ = false;
  failed_ = false;
  pending_.clear();
}

namespace {

// The size of an atom that a blank, a line end or a parenthesis ends within two blocks, all of which must be
// readable. 0 for any other. What has a size may still have bytes that no atom has.
size_t usual_size(ByteBlock first, const char* second) {
  const auto ends = [](ByteBlock block) {
    return (block.at_most(' ') | block.with_bits(1).equal(')')).bits();
  };
  if (const uint32_t in_first = ends(first)) [[likely]]
    return static_cast<size_t>(std::countr_zero(in_first));
  const uint32_t in_second = ends(ByteBlock::load(second));
  return in_second == 0 ? 0 : static_cast<size_t>(byte_block_size + std::countr_zero(in_second));
}

}  // namespace

// The tokens that texts mostly consist of, and comments, where there is room to look at many bytes together.
// Everything else is next_slow's.
Token Lexer::next() {
  if (has_held_ || failed_) [[unlikely]]
    return next_slow();
  for (;;) {
    const char* start = at_ = skip_spaces(at_, end_);
    if (end_ - start <= 2 * byte_block_size) [[unlikely]]
      return next_slow();
    switch (char_class(*start)) {
      case CharClass::letter:
        return lex_usual(start, start, TokenKind::word);
      case CharClass::digit_or_sign:
        return lex_usual(start, start, TokenKind::number);
      case CharClass::dollar:
        return lex_usual(start, start, TokenKind::id);
      case CharClass::open:
        if (char_class(start[1]) == CharClass::letter) return lex_usual(start, start + 1, TokenKind::open);
        if (start[1] != ';') return next_slow();
        if (!skip_block_comment()) return make(TokenKind::error, at_);
        break;
      case CharClass::close:
        at_ = start + 1;
        return make(TokenKind::close, start);
      case CharClass::semicolon:
        if (start[1] != ';') return next_slow();
        skip_line_comment();
        break;
      default:
        return next_slow();
    }
  }
}

// The token at `start`, whose text is at `atom`.
Token Lexer::lex_usual(const char* start, const char* atom, TokenKind kind) {
  const ByteBlock block = ByteBlock::load(atom);
  const size_t size = usual_size(block, atom + byte_block_size);
  if (size == 0) return next_slow();
  Token token{kind, Word::unknown, offset_of(atom), static_cast<uint32_t>(size), offset_of(start)};
  if (kind == TokenKind::word || kind == TokenKind::open)
    token.word = size <= max_short_word ? find_short_word(atom, size) : find_word({atom, size});
  if (token.word == Word::unknown) {
    // A word of the table has only bytes that it may have.
    if (size > byte_block_size) return next_slow();
    const uint32_t within = base::byte_block_all >> (byte_block_size - size);
    if ((atom_ends(block).bits() & within) != 0 || (kind == TokenKind::id && size == 1)) return next_slow();
  }
  at_ = atom + size;
  return token;
}

Token Lexer::next_slow() {
  Token token = held_;
  if (has_held_)
    has_held_ = false;
  else
    token = next_raw();
  if (token.kind != TokenKind::open) return token;
  // "(" takes the word after it along; anything else waits.
  const Token after = next_raw();
  if (after.kind == TokenKind::word) {
    token.word = after.word;
    token.offset = after.offset;
    token.size = after.size;
  } else {
    held_ = after;
    has_held_ = true;
  }
  return token;
}

Token Lexer::next_raw() {
  while (!failed_ && at_ != end_) {
    const char* start = at_;
    const char c = *at_;
    switch (char_class(c)) {
      case CharClass::space:
        at_ = skip_spaces(at_ + 1, end_);
        break;
      case CharClass::letter:
        return lex_atom(start, TokenKind::word);
      case CharClass::digit_or_sign:
        return lex_atom(start, TokenKind::number);
      case CharClass::open: {
        const char next = at_ + 1 != end_ ? at_[1] : '\0';
        if (next == ';') {
          if (!skip_block_comment()) return make(TokenKind::error, at_);
        } else if (next == '@' && !in_annotation_) {
          if (!skip_annotation()) return make(TokenKind::error, at_);
        } else {
          ++at_;
          Token token = make(TokenKind::open, start);
          token.size = 0;
          return token;
        }
        break;
      }
      case CharClass::close:
        ++at_;
        return make(TokenKind::close, start);
      case CharClass::quote:
        return lex_string(start);
      case CharClass::dollar:
        return lex_id(start);
      case CharClass::semicolon:
        if (at_ + 1 == end_ || at_[1] != ';') return lex_reserved(start);
        skip_line_comment();
        break;
      case CharClass::other_id:
      case CharClass::punctuation:
        return lex_reserved(start);
      case CharClass::illegal:
        return fail(ErrorCode::illegal_character, start, quote_byte(c));
    }
  }
  return make(failed_ ? TokenKind::error : TokenKind::end, at_);
}

bool Lexer::continues_atom() const {
  if (at_ == end_) return false;
  const CharClass next = char_class(*at_);
  if (next == CharClass::semicolon) return at_ + 1 == end_ || at_[1] != ';';
  return next == CharClass::quote || next == CharClass::punctuation;
}

Token Lexer::lex_atom(const char* start, TokenKind kind) {
  at_ = skip_idchars(at_, end_);
  if (continues_atom()) return lex_reserved(start);
  Token token = make(kind, start);
  if (kind == TokenKind::word && !in_annotation_) token.word = find_word(text(token));
  return token;
}

Token Lexer::lex_reserved(const char* start) {
  for (;;) {
    at_ = skip_idchars(at_, end_);
    if (!continues_atom()) return make(TokenKind::reserved, start);
    if (*at_ != '"')
      ++at_;
    else if (!scan_string())
      return fail(string_error_, string_error_at_);
  }
}

Token Lexer::lex_id(const char* start) {
  ++at_;
  if (at_ != end_ && *at_ == '"') {
    // A string that does not close leaves a lone "$".
    const char* quote = at_;
    if (!scan_string() || at_ == quote + 2) return fail(ErrorCode::empty_identifier, start);
    if (continues_atom() || (at_ != end_ && is_idchar(*at_))) return lex_reserved(start);
    return make(TokenKind::id, start);
  }
  at_ = skip_idchars(at_, end_);
  if (continues_atom()) return lex_reserved(start);
  if (at_ == start + 1) return fail(ErrorCode::empty_identifier, start);
  return make(TokenKind::id, start);
}

Token Lexer::lex_string(const char* start) {
  if (!scan_string()) return fail(string_error_, string_error_at_);
  if (continues_atom() || (at_ != end_ && is_idchar(*at_))) return lex_reserved(start);
  return make(TokenKind::string, start);
}

bool Lexer::scan_string() {
  const char* start = at_++;
  const auto fail_at = [&](ErrorCode code, const char* at) {
    string_error_ = code;
    string_error_at_ = at;
    return false;
  };
  while (at_ != end_) {
    const char c = *at_;
    if (is_plain_string_char(c)) {
      at_ = skip_plain_string(at_ + 1, end_);
    } else if (c == '"') {
      ++at_;
      return true;
    } else if (c == '\\') {
      if (!scan_escape())
        return at_ == end_ ? fail_at(ErrorCode::unclosed_string, start)
                           : fail_at(ErrorCode::malformed_escape, at_);
    } else if (c == '\n' || c == '\r') {
      return fail_at(ErrorCode::unclosed_string, start);
    } else {
      return fail_at(ErrorCode::illegal_character, at_);
    }
  }
  return fail_at(ErrorCode::unclosed_string, start);
}

// Moves behind an escape; on failure at_ is at its backslash, or at the end when the source ends within.
bool Lexer::scan_escape() {
  const char* start = at_;
  const auto fail_here = [&] {
    at_ = at_ == end_ ? end_ : start;
    return false;
  };
  if (++at_ == end_) return fail_here();
  const char c = *at_++;
  if (c == 't' || c == 'n' || c == 'r' || c == '"' || c == '\'' || c == '\\') return true;
  if (c == 'u') {
    if (at_ == end_ || *at_ != '{') return fail_here();
    uint32_t value = 0;
    bool digit_before = false;
    for (++at_; at_ != end_ && *at_ != '}'; ++at_) {
      const int digit = hex_digit(*at_);
      if (digit < 0 && !(*at_ == '_' && digit_before)) return fail_here();
      digit_before = digit >= 0;
      if (digit >= 0) value = value * 16 + static_cast<uint32_t>(digit);
      if (value >= 0x110000) return fail_here();
    }
    if (at_ == end_ || !digit_before || (value >= 0xD800 && value < 0xE000)) return fail_here();
    ++at_;
    return true;
  }
  if (hex_digit(c) < 0 || at_ == end_ || hex_digit(*at_) < 0) return fail_here();
  ++at_;
  return true;
}

}  // namespace cloche::text
