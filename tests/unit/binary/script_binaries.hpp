// Finds the binary modules written as strings in the specification's test scripts, without the text parser,
// so that this room can be held against them alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloche::binary::testing {

struct ScriptBinary {
  std::string command;   // "module", "assert_malformed", "assert_invalid", ...
  std::string expected;  // the text an assertion names; empty for a module that must load
  std::vector<uint8_t> bytes;
  size_t line = 0;
};

/// Every `(module ... binary "...")` of a script, alone or first in an assertion.
inline std::vector<ScriptBinary> script_binaries(std::string_view script) {
  struct Token {
    enum Kind { open, close, word, string } kind;
    std::string text;
    size_t line;
  };
  const auto hex = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const auto is_hex = [](char c) {
    return std::string_view("0123456789abcdefABCDEF").find(c) != std::string_view::npos;
  };
  std::vector<Token> tokens;
  size_t line = 1;
  for (size_t i = 0; i < script.size();) {
    const char c = script[i];
    if (c == '\n') ++line;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++i;
    } else if (script.substr(i, 2) == ";;") {
      while (i < script.size() && script[i] != '\n') ++i;
    } else if (script.substr(i, 2) == "(;") {
      size_t depth = 0;
      do {
        if (script.substr(i, 2) == "(;")
          ++depth, i += 2;
        else if (script.substr(i, 2) == ";)")
          --depth, i += 2;
        else
          line += script[i++] == '\n';
      } while (depth != 0 && i < script.size());
    } else if (c == '(' || c == ')') {
      tokens.push_back({c == '(' ? Token::open : Token::close, {}, line});
      ++i;
    } else if (c == '"') {
      Token token{Token::string, {}, line};
      for (++i; i < script.size() && script[i] != '"'; ++i) {
        if (script[i] != '\\') {
          token.text += script[i];
        } else if (i + 2 < script.size() && is_hex(script[i + 1]) && is_hex(script[i + 2])) {
          token.text += static_cast<char>(hex(script[i + 1]) * 16 + hex(script[i + 2]));
          i += 2;
        } else {
          const char escaped = script[++i];
          token.text += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped == 'r' ? '\r' : escaped;
        }
      }
      ++i;
      tokens.push_back(std::move(token));
    } else {
      Token token{Token::word, {}, line};
      while (i < script.size() && std::string_view(" \t\r\n()\";").find(script[i]) == std::string_view::npos)
        token.text += script[i++];
      if (token.text.empty()) ++i;  // a lone ';'
      tokens.push_back(std::move(token));
    }
  }
  std::vector<ScriptBinary> found;
  const auto is = [&](size_t i, Token::Kind kind, std::string_view text = {}) {
    return i < tokens.size() && tokens[i].kind == kind && (text.empty() || tokens[i].text == text);
  };
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!is(i, Token::open) || !is(i + 1, Token::word, "module")) continue;
    size_t at = i + 2;
    while (is(at, Token::word) && tokens[at].text != "binary") ++at;
    if (!is(at, Token::word, "binary")) continue;
    ScriptBinary binary{"module", {}, {}, tokens[i].line};
    for (++at; is(at, Token::string); ++at)
      binary.bytes.insert(binary.bytes.end(), tokens[at].text.begin(), tokens[at].text.end());
    if (i >= 2 && is(i - 1, Token::word) && tokens[i - 1].text.starts_with("assert_")) {
      binary.command = tokens[i - 1].text;
      if (is(at + 1, Token::string)) binary.expected = tokens[at + 1].text;
    }
    found.push_back(std::move(binary));
  }
  return found;
}

}  // namespace cloche::binary::testing
