#include "wasi/terminal.hpp"

#include <string_view>

namespace cloche::wasi {
namespace {

constexpr uint8_t escape = 0x1B;
constexpr uint8_t bell = 0x07;
constexpr uint8_t cancel = 0x18;
constexpr uint8_t substitute = 0x1A;
constexpr size_t max_sequence = 64;

/// Final bytes of control sequences that move the cursor, erase, scroll, insert, delete and color. None of
/// them makes the terminal answer.
constexpr std::string_view safe_finals = "@ABCDEFGHIJKLMPSTXZ`adefGmsu";

bool is_safe_control(uint8_t byte) {
  return byte == '\n' || byte == '\r' || byte == '\t' || byte == '\b' || byte == '\f' || byte == '\v' ||
         byte == bell;
}

bool is_parameter(uint8_t byte) { return (byte >= '0' && byte <= '9') || byte == ';' || byte == ':'; }

/// Parameters of digits only: a private marker or an intermediate byte makes another sequence of the same
/// final byte.
/// "?25h" and "?25l" (the cursor shown and hidden) are the exception.
bool is_safe_sequence(std::string_view parameters, uint8_t final) {
  if (final == 'h' || final == 'l') return parameters == "?25";
  for (const char c : parameters)
    if (!is_parameter(static_cast<uint8_t>(c))) return false;
  return safe_finals.find(static_cast<char>(final)) != std::string_view::npos;
}

}  // namespace

void TerminalFilter::filter(std::span<const uint8_t> bytes, std::string& out) {
  if (policy_ == TerminalPolicy::raw) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return;
  }
  for (const uint8_t byte : bytes) take(byte, out);
}

void TerminalFilter::take(uint8_t byte, std::string& out) {
  switch (state_) {
    case State::text:
      return take_text(byte, out);
    case State::escape:
      return take_escape(byte);
    case State::charset:
      state_ = State::text;
      return;
    case State::csi:
      return take_csi(byte, out);
    case State::string:
      if (byte == bell || byte == cancel || byte == substitute) state_ = State::text;
      if (byte == escape) state_ = State::string_escape;
      return;
    case State::string_escape:
      if (byte != escape) state_ = byte == '\\' ? State::text : State::string;
      return;
  }
}

void TerminalFilter::take_text(uint8_t byte, std::string& out) {
  if (is_after_c2_) {
    is_after_c2_ = false;
    if (byte >= 0x80 && byte < 0xA0) return;  // a C1 control as UTF-8
    out.push_back(static_cast<char>(0xC2));
  }
  if (byte == 0xC2) {
    is_after_c2_ = true;
  } else if (byte == escape) {
    state_ = State::escape;
  } else if (byte >= 0x20 && byte != 0x7F) {
    out.push_back(static_cast<char>(byte));
  } else if (is_safe_control(byte)) {
    out.push_back(static_cast<char>(byte));
  }
}

void TerminalFilter::take_escape(uint8_t byte) {
  sequence_.clear();
  if (byte == '[') {
    state_ = State::csi;
  } else if (byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X') {
    state_ = State::string;
  } else if (byte >= 0x20 && byte <= 0x2F) {
    state_ = State::charset;
  } else if (byte != escape) {
    state_ = State::text;
  }
}

void TerminalFilter::take_csi(uint8_t byte, std::string& out) {
  if (byte == escape) {
    state_ = State::escape;
  } else if (byte >= 0x40 && byte <= 0x7E) {
    state_ = State::text;
    if (policy_ == TerminalPolicy::safe && sequence_.size() < max_sequence &&
        is_safe_sequence(sequence_, byte))
      out.append("\033[").append(sequence_).push_back(static_cast<char>(byte));
  } else if (byte == cancel || byte == substitute) {
    state_ = State::text;
  } else if (sequence_.size() < max_sequence) {
    sequence_.push_back(static_cast<char>(byte));
  }
}

}  // namespace cloche::wasi
