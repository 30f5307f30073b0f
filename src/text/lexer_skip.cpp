// What the lexer passes over: comments, annotations, and whole parenthesized groups; and what strings denote.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/utf8.hpp"
#include "text/characters.hpp"
#include "text/lexer.hpp"

namespace cloche::text {

using wasm::ErrorCode;

namespace {

constexpr std::array<std::string_view, 4> annotation_texts = {
    "@custom", "@name", "@metadata.code.branch_hint", "@cloche.data_count"};

// The kind of an annotation id such as "custom", or -1.
int find_annotation(std::string_view id) {
  for (size_t i = 0; i < annotation_texts.size(); ++i)
    if (annotation_texts[i].substr(1) == id) return static_cast<int>(i);
  return -1;
}

// Sixty-four bytes of a group: which of them count for its nesting, or begin what may hide such.
struct GroupBlock {
  uint64_t opens = 0;
  uint64_t closes = 0;
  uint64_t others = 0;  // quotes and semicolons

  static constexpr ptrdiff_t size = 4 * base::byte_block_size;
  static GroupBlock load(const char* at) {
    GroupBlock result;
    for (unsigned i = 0; i < 4; ++i) {
      const auto block = base::ByteBlock::load(at + i * base::byte_block_size);
      const auto opens = block.equal('(');
      const auto closes = block.equal(')');
      const auto others = block.equal('"') | block.equal(';');
      const auto all = opens | closes | others;
      if (all.bits() == 0) continue;
      result.opens |= uint64_t{opens.bits()} << 16 * i;
      result.closes |= uint64_t{closes.bits()} << 16 * i;
      result.others |= uint64_t{others.bits()} << 16 * i;
    }
    return result;
  }
};

// Moves over blocks in which counting parentheses is all there is to do: there are neither strings nor
// comments, and the group does not end.
const char* count_parentheses(const char* at, const char* end, uint64_t& depth) {
  for (; end - at >= GroupBlock::size; at += GroupBlock::size) {
    const GroupBlock block = GroupBlock::load(at);
    if ((block.opens | block.closes | block.others) == 0) continue;
    const auto closes = static_cast<uint64_t>(std::popcount(block.closes));
    const bool ends_in_comment_mark =
        block.opens >> 63 != 0 && end - at > GroupBlock::size && at[GroupBlock::size] == ';';
    if (block.others != 0 || ends_in_comment_mark || closes >= depth) break;
    depth += static_cast<uint64_t>(std::popcount(block.opens)) - closes;
  }
  return at;
}

const char* find_group_mark(const char* at, const char* end) {
  return base::find_byte(
      at, end,
      [](base::ByteBlock block) {
        return block.with_bits(1).equal(')') | block.equal('"') | block.equal(';');
      },
      [](char c) { return c == '(' || c == ')' || c == '"' || c == ';'; });
}

// The next byte that may begin or end a block comment.
const char* find_comment_mark(const char* at, const char* end) {
  return base::find_byte(
      at, end, [](base::ByteBlock block) { return block.equal('(') | block.equal(';'); },
      [](char c) { return c == '(' || c == ';'; });
}

// Behind the string that begins before `at`, or `end`. Escapes are not looked at, except for those of a
// quote: it has an odd number of backslashes before it.
const char* find_string_end(const char* at, const char* end) {
  for (const char* begin = at; at != end; ++at) {
    at = static_cast<const char*>(std::memchr(at, '"', static_cast<size_t>(end - at)));
    if (at == nullptr) return end;
    const char* slash = at;
    while (slash != begin && slash[-1] == '\\') --slash;
    if ((at - slash) % 2 == 0) return at + 1;
  }
  return end;
}

// What `\u{...}` denotes, from behind its brace on, to `out`. Gives the place behind it.
const char* decode_scalar(const char* at, const char* end, char*& out) {
  uint32_t value = 0;
  for (; at != end && *at != '}'; ++at)
    if (*at != '_') value = value * 16 + static_cast<uint32_t>(hex_digit(*at));
  std::string encoded;
  base::append_utf8(encoded, static_cast<char32_t>(value));
  out = std::copy(encoded.begin(), encoded.end(), out);
  return at == end ? end : at + 1;
}

// What the escape with its backslash before `at` denotes. There are at least as many bytes at `out` as in the
// escape.
const char* decode_escape(const char* at, const char* end, char*& out) {
  switch (*at) {
    case 't':
      *out++ = '\t';
      return at + 1;
    case 'n':
      *out++ = '\n';
      return at + 1;
    case 'r':
      *out++ = '\r';
      return at + 1;
    case '"':
    case '\'':
    case '\\':
      *out++ = *at;
      return at + 1;
    case 'u':
      return decode_scalar(std::min(at + 2, end), end, out);
    default:
      if (end - at < 2) return end;
      *out++ = static_cast<char>(hex_digit(at[0]) * 16 + hex_digit(at[1]));
      return at + 2;
  }
}

// Decoding makes nothing longer. The ends are looked at because the text may change since the lexer has
// checked it: a mapped file does when somebody writes to it.
template <class Out>
void append_contents(std::string_view text, Out& out) {
  const size_t size = out.size();
  out.resize(size + text.size());
  char* const first = reinterpret_cast<char*>(out.data()) + size;
  char* to = first;
  const char* const end = text.data() + text.size() - 1;
  for (const char* at = text.data() + 1; at < end;) {
    if (*at != '\\')
      *to++ = *at++;
    else if (++at != end)
      at = decode_escape(at, end, to);
  }
  out.resize(size + static_cast<size_t>(to - first));
}

}  // namespace

std::string_view annotation_text(AnnotationKind kind) { return annotation_texts[static_cast<size_t>(kind)]; }

void append_string(std::string_view token_text, std::vector<uint8_t>& out) {
  append_contents(token_text, out);
}
void append_string(std::string_view token_text, std::string& out) { append_contents(token_text, out); }

bool is_plain_string(std::string_view token_text) { return token_text.find('\\') == std::string_view::npos; }

bool Lexer::skip_block_comment() {
  const char* start = at_;
  at_ += 2;
  uint64_t depth = 1;
  while (depth != 0) {
    at_ = find_comment_mark(at_, end_);
    if (end_ - at_ < 2) {
      fail(ErrorCode::unclosed_comment, start);
      return false;
    }
    if (at_[0] == ';' && at_[1] == ')') {
      --depth;
      at_ += 2;
    } else if (at_[0] == '(' && at_[1] == ';') {
      ++depth;
      at_ += 2;
    } else {
      ++at_;
    }
  }
  return true;
}

void Lexer::skip_line_comment() { at_ = find_line_end(at_, end_); }

bool Lexer::skip_annotation() {
  const char* start = at_;
  at_ += 2;
  std::string_view id;
  std::string decoded;
  if (at_ != end_ && *at_ == '"') {
    const char* quote = at_;
    if (!scan_string() || at_ == quote + 2) {
      fail(ErrorCode::empty_annotation_id, start);
      return false;
    }
    append_string({quote, static_cast<size_t>(at_ - quote)}, decoded);
    if (!base::is_valid_utf8(decoded)) {
      fail(ErrorCode::malformed_utf8, quote);
      return false;
    }
    id = decoded;
  } else {
    const char* first = at_;
    at_ = skip_idchars(at_, end_);
    if (at_ == first) {
      fail(ErrorCode::empty_annotation_id, start);
      return false;
    }
    id = {first, static_cast<size_t>(at_ - first)};
  }
  const int kind = find_annotation(id);
  const uint32_t contents = position();
  if (!skip_annotation_contents(start)) return false;
  if (kind >= 0 && keep_annotations_)
    pending_.push_back({static_cast<AnnotationKind>(kind), offset_of(start), contents, position() - 1});
  return true;
}

bool Lexer::skip_annotation_contents(const char* start) {
  in_annotation_ = true;
  uint64_t depth = 1;
  while (depth != 0) {
    switch (next_raw().kind) {
      case TokenKind::open:
        ++depth;
        break;
      case TokenKind::close:
        --depth;
        break;
      case TokenKind::end:
        fail(ErrorCode::unclosed_annotation, start);
        [[fallthrough]];
      case TokenKind::error:
        in_annotation_ = false;
        return false;
      default:
        break;
    }
  }
  in_annotation_ = false;
  return true;
}

bool Lexer::skip_group() {
  uint64_t depth = 1;
  // The word of the open has been read; a token held behind it has not been counted yet.
  if (has_held_) {
    has_held_ = false;
    at_ = begin_ + held_.paren;
  }
  while (at_ != end_) {
    at_ = count_parentheses(at_, end_, depth);
    at_ = find_group_mark(at_, end_);
    if (at_ == end_) break;
    const char next = at_ + 1 != end_ ? at_[1] : '\0';
    switch (*at_) {
      case '(':
        if (next == ';') {
          if (!skip_block_comment()) at_ = end_;
        } else {
          ++depth;
          ++at_;
        }
        break;
      case ')':
        ++at_;
        if (--depth == 0) return true;
        break;
      case '"':
        at_ = find_string_end(at_ + 1, end_);
        break;
      default:
        at_ = next == ';' ? find_line_end(at_, end_) : at_ + 1;
    }
  }
  return false;
}

}  // namespace cloche::text
