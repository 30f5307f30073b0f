// What the lexer passes over: comments, annotations, and whole parenthesized groups; and what strings denote.
#include <array>
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

// What skip_group stops at.
constexpr auto group_stops = [] {
  std::array<bool, 256> stops{};
  for (const char c : std::string_view("()\";")) stops[static_cast<uint8_t>(c)] = true;
  return stops;
}();

template <class Out>
void append_contents(std::string_view text, Out& out) {
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const size_t plain = std::min(text.find('\\'), text.size());
    out.insert(out.end(), text.begin(), text.begin() + static_cast<ptrdiff_t>(plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const auto put = [&](char c, size_t size) {
      out.push_back(static_cast<typename Out::value_type>(c));
      text.remove_prefix(size);
    };
    switch (text[1]) {
      case 't':
        put('\t', 2);
        break;
      case 'n':
        put('\n', 2);
        break;
      case 'r':
        put('\r', 2);
        break;
      case '"':
      case '\'':
      case '\\':
        put(text[1], 2);
        break;
      case 'u': {
        uint32_t value = 0;
        size_t i = 3;
        for (; text[i] != '}'; ++i)
          if (text[i] != '_') value = value * 16 + static_cast<uint32_t>(hex_digit(text[i]));
        std::string encoded;
        base::append_utf8(encoded, static_cast<char32_t>(value));
        out.insert(out.end(), encoded.begin(), encoded.end());
        text.remove_prefix(i + 1);
        break;
      }
      default:
        put(static_cast<char>(hex_digit(text[1]) * 16 + hex_digit(text[2])), 3);
    }
  }
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

void Lexer::skip_line_comment() {
  while (at_ != end_ && *at_ != '\n' && *at_ != '\r') ++at_;
}

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
    while (at_ != end_ && is_idchar(*at_)) ++at_;
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
  const char* at = at_;
  const auto skip_string = [&] {
    for (++at; at != end_; ++at) {
      if (*at == '\\' && at + 1 != end_)
        ++at;
      else if (*at == '"')
        return;
    }
  };
  while (at != end_) {
    if (!group_stops[static_cast<uint8_t>(*at)]) {
      at = *at == '\n' ? skip_blanks(at + 1, end_) : at + 1;
      continue;
    }
    switch (*at) {
      case '(':
        if (at + 1 != end_ && at[1] == ';') {
          at_ = at;
          if (!skip_block_comment()) {
            at_ = end_;
            return false;
          }
          at = at_;
          continue;
        }
        ++depth;
        break;
      case ')':
        if (--depth == 0) {
          at_ = at + 1;
          return true;
        }
        break;
      case '"':
        skip_string();
        break;
      default:
        if (at + 1 != end_ && at[1] == ';')
          while (at != end_ && *at != '\n' && *at != '\r') ++at;
    }
    if (at != end_) ++at;
  }
  at_ = end_;
  return false;
}

}  // namespace cloche::text
