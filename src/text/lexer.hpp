// The lexer (spec: Text Format / Lexical Format): source text to tokens, one at a time, without an allocation
// per token. Comments and annotations nobody knows are skipped as white space; annotations with a meaning
// (@custom,
// @name, @metadata.code.branch_hint) are kept for the parser, which takes them or reports them as misplaced.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/number.hpp"
#include "text/parsed.hpp"
#include "text/words.hpp"

namespace cloche::text {

enum class TokenKind : uint8_t {
  end,       // of the source range
  open,      // "(" together with the word after it, if a word follows
  close,     // ")"
  word,      // begins with a letter; `word` says which
  number,    // begins with a digit or sign; not necessarily a well-formed number
  string,    // with its quotes
  id,        // "$" and the name
  reserved,  // anything else
  error,     // the error slot says what is wrong
};

/// A token: where its text stands in the source. An `open` has the text of its word, empty when no word
/// follows. Small enough to be returned in two registers.
struct Token {
  TokenKind kind = TokenKind::end;
  Word word = Word::unknown;
  uint32_t offset = 0;
  uint32_t size = 0;
  uint32_t paren = 0;  // open: offset of the parenthesis; otherwise the same as `offset`

  bool is_word(Word wanted) const { return kind == TokenKind::word && word == wanted; }
  bool is_open(Word wanted) const { return kind == TokenKind::open && word == wanted; }
};
static_assert(sizeof(Token) == 16);

/// data_count is our own: `(@cloche.data_count)` among the fields of a module asks for a data count section
/// although no instruction needs one, as some compilers write it.
enum class AnnotationKind : uint8_t { custom, name, branch_hint, data_count };

/// An annotation with a meaning. The contents are what stands between its id and its closing parenthesis.
struct Annotation {
  AnnotationKind kind;
  uint32_t offset;  // of the opening parenthesis
  uint32_t contents_begin;
  uint32_t contents_end;
};

std::string_view annotation_text(AnnotationKind kind);  // "@custom"

class Lexer {
 public:
  /// Lexes source[begin, end), which is known to be UTF-8 and shorter than 4 GiB. Errors go to `errors`.
  Lexer(std::string_view source, uint32_t begin, uint32_t end, ErrorSlot& errors)
      : source_(source), begin_(source.data()), at_(begin_ + begin), end_(begin_ + end), errors_(errors) {}

  /// The next token. At the end of the range, and after an error, it is the same again and again.
  Token next();

  /// Continues at `offset`, which must not lie inside a token. Forgets pending annotations.
  void seek(uint32_t offset);

  /// The offset of the first byte not yet read.
  uint32_t position() const { return offset_of(at_); }

  /// The token after an `open` whose word is empty, for messages.
  Token held() const { return held_; }

  /// Moves behind the parenthesis that closes an already read `open`, looking only at parentheses, strings
  /// and comments. False when there is none; the position is then at the end.
  bool skip_group();

  std::string_view text(const Token& token) const { return source_.substr(token.offset, token.size); }
  /// The value of a token of 1 to 8 decimal digits that does not stand at the very end. False for any other.
  bool short_natural(const Token& token, uint64_t& value) const {
    const char* at = begin_ + token.offset;
    return token.size - 1 < 8 && end_ - at >= 8 && parse_short_natural(at, token.size, value);
  }
  std::string_view source() const { return source_; }
  uint32_t end_offset() const { return offset_of(end_); }

  /// Annotations read since they were last cleared: those that stand before the last token returned.
  const std::vector<Annotation>& pending() const { return pending_; }
  std::vector<Annotation>& pending() { return pending_; }
  /// Whether annotations with a meaning are kept; otherwise they are skipped like others.
  void keep_annotations(bool keep) { keep_annotations_ = keep; }

 private:
  Token lex_usual(const char* start, const char* atom, TokenKind kind);
  Token next_slow();
  Token next_raw();
  Token lex_atom(const char* start, TokenKind kind);
  Token lex_reserved(const char* start);
  Token lex_id(const char* start);
  Token lex_string(const char* start);
  Token make(TokenKind kind, const char* start) const;
  Token fail(wasm::ErrorCode code, const char* at, std::string detail = {});
  bool skip_block_comment();
  void skip_line_comment();
  bool skip_annotation();
  bool skip_annotation_contents(const char* start);
  /// Moves behind a string whose opening quote is at at_; false with the error in string_error_.
  bool scan_string();
  bool scan_escape();
  bool continues_atom() const;
  uint32_t offset_of(const char* at) const { return static_cast<uint32_t>(at - begin_); }

  std::string_view source_;
  const char* begin_;
  const char* at_;
  const char* end_;
  ErrorSlot& errors_;
  std::vector<Annotation> pending_;
  Token held_;
  bool has_held_ = false;
  bool failed_ = false;
  bool keep_annotations_ = true;
  bool in_annotation_ = false;
  wasm::ErrorCode string_error_ = wasm::ErrorCode::unclosed_string;
  const char* string_error_at_ = nullptr;
};

/// Appends what a string token's text (quotes included) denotes. The lexer has checked its escapes.
void append_string(std::string_view token_text, std::vector<uint8_t>& out);
void append_string(std::string_view token_text, std::string& out);

/// True when the string token's text has no escapes, so that its contents are its source bytes.
bool is_plain_string(std::string_view token_text);

}  // namespace cloche::text
