#include "base/json.hpp"

#include <algorithm>
#include <charconv>

#include "base/utf8.hpp"

namespace cloche::base {
namespace {

constexpr unsigned deepest = 200;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expected<JsonDocument, JsonError> run() {
    JsonDocument document;
    strings_ = &document.strings;
    TRY(value(document.root, 0));
    skip_spaces();
    if (at_ != text_.size()) return fail("unexpected text behind the value");
    return document;
  }

 private:
  using Status = Expected<void, JsonError>;

  Unexpected<JsonError> fail(std::string message) const { return {JsonError{at_, std::move(message)}}; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip_spaces() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Recursion is bounded by `deepest`.
  Status value(JsonValue& out, unsigned depth) {
    skip_spaces();
    out.offset = at_;
    if (depth > deepest) return fail("values nested too deep");
    switch (peek()) {
      case '{':
        return object(out, depth);
      case '[':
        return array(out, depth);
      case '"':
        out.kind = JsonValue::Kind::string;
        return string(out.text);
      case 't':
        out.truth = true;
        return word(out, "true", JsonValue::Kind::boolean);
      case 'f':
        return word(out, "false", JsonValue::Kind::boolean);
      case 'n':
        return word(out, "null", JsonValue::Kind::null);
      default:
        return number(out);
    }
  }

  Status word(JsonValue& out, std::string_view spelled, JsonValue::Kind kind) {
    if (text_.substr(at_, spelled.size()) != spelled) return fail("expected a value");
    at_ += spelled.size();
    out.kind = kind;
    return {};
  }

  Status object(JsonValue& out, unsigned depth) {
    out.kind = JsonValue::Kind::object;
    ++at_;
    skip_spaces();
    if (take('}')) return {};
    for (;;) {
      skip_spaces();
      if (peek() != '"') return fail("expected a member's name");
      TRY(string(out.names.emplace_back()));
      skip_spaces();
      if (!take(':')) return fail("expected ':'");
      TRY(value(out.items.emplace_back(), depth + 1));
      skip_spaces();
      if (take('}')) return {};
      if (!take(',')) return fail("expected ',' or '}'");
    }
  }

  Status array(JsonValue& out, unsigned depth) {
    out.kind = JsonValue::Kind::array;
    ++at_;
    skip_spaces();
    if (take(']')) return {};
    for (;;) {
      TRY(value(out.items.emplace_back(), depth + 1));
      skip_spaces();
      if (take(']')) return {};
      if (!take(',')) return fail("expected ',' or ']'");
    }
  }

  Status digits() {
    if (!is_digit(peek())) return fail("expected a value");
    while (is_digit(peek())) ++at_;
    return {};
  }

  Status number(JsonValue& out) {
    const size_t start = at_;
    take('-');
    if (!take('0')) TRY(digits());
    if (take('.')) TRY(digits());
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      TRY(digits());
    }
    out.kind = JsonValue::Kind::number;
    out.text = text_.substr(start, at_ - start);
    return {};
  }

  // A string without escapes is a view of the text.
  Status string(std::string_view& out) {
    const size_t start = ++at_;
    size_t end = start;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\\' &&
           static_cast<uint8_t>(text_[end]) >= 0x20)
      ++end;
    if (end < text_.size() && text_[end] == '"') {
      out = text_.substr(start, end - start);
      at_ = end + 1;
    } else {
      std::string& decoded = strings_->emplace_back(text_.substr(start, end - start));
      at_ = end;
      TRY(escaped(decoded));
      out = decoded;
    }
    const auto bytes = reinterpret_cast<const uint8_t*>(out.data());
    if (!is_valid_utf8({bytes, out.size()})) return fail("a string is not UTF-8");
    return {};
  }

  Status escaped(std::string& out) {
    for (;;) {
      if (at_end()) return fail("a string does not end");
      const char c = text_[at_];
      if (static_cast<uint8_t>(c) < 0x20) return fail("a control character in a string");
      ++at_;
      if (c == '"') return {};
      if (c != '\\')
        out += c;
      else
        TRY(escape(out));
    }
  }

  Status escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    if (c != 'u') {
      const size_t which = at_end() ? std::string_view::npos : letters.find(c);
      if (which == std::string_view::npos) return fail("an unknown escape");
      ++at_;
      out += meanings[which];
      return {};
    }
    ++at_;
    uint32_t code = TRY(code_unit());
    if (code >= 0xDC00 && code < 0xE000) return fail("half of a surrogate pair");
    if (code >= 0xD800 && code < 0xDC00) {
      if (!take('\\') || !take('u')) return fail("half of a surrogate pair");
      const uint32_t low = TRY(code_unit());
      if (low < 0xDC00 || low >= 0xE000) return fail("half of a surrogate pair");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return {};
  }

  Expected<uint32_t, JsonError> code_unit() {
    uint32_t code = 0;
    const std::string_view four = text_.substr(at_, 4);
    const auto [end, status] = std::from_chars(four.data(), four.data() + four.size(), code, 16);
    if (four.size() != 4 || status != std::errc() || end != four.data() + 4)
      return fail("expected four hexadecimal digits");
    at_ += 4;
    return code;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::deque<std::string>* strings_ = nullptr;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &items[static_cast<size_t>(found - names.begin())];
}

std::optional<uint64_t> JsonValue::natural() const {
  uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (kind != Kind::number || status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Expected<JsonDocument, JsonError> parse_json(std::string_view text) { return Parser(text).run(); }

}  // namespace cloche::base
