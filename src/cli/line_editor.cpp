#include "cli/line_editor.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace cloche::cli {
namespace {

/// The terminal hands over every key at once while this lives.
class RawMode {
 public:
  RawMode() {
    good_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (good_) tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  }
  ~RawMode() {
    if (good_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;

 private:
  termios before_{};
  bool good_ = false;
};

int read_byte() {
  char byte = 0;
  ssize_t got = 0;
  do got = ::read(STDIN_FILENO, &byte, 1);
  while (got < 0 && errno == EINTR);
  return got == 1 ? static_cast<unsigned char>(byte) : -1;
}

enum Key : int { end_of_input = -1, left = 1000, right, up, down, home, end, del, other };

/// A byte, or what an escape sequence stands for.
int read_key() {
  const int byte = read_byte();
  if (byte != 0x1B) return byte;
  if (read_byte() != '[') return other;
  const int code = read_byte();
  switch (code) {
    case 'A':
      return up;
    case 'B':
      return down;
    case 'C':
      return right;
    case 'D':
      return left;
    case 'H':
      return home;
    case 'F':
      return end;
    default:
      break;
  }
  if (code >= '0' && code <= '9') return read_byte() == '~' && code == '3' ? del : other;
  return other;
}

constexpr int control(char letter) { return letter & 0x1F; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// A line and a place in it; moves by characters of UTF-8.
struct Line {
  std::string text;
  size_t at = 0;

  size_t before() const {
    size_t to = at;
    while (to > 0 && is_continuation(text[--to])) {
    }
    return to;
  }
  size_t behind() const {
    size_t to = at < text.size() ? at + 1 : at;
    while (to < text.size() && is_continuation(text[to])) ++to;
    return to;
  }
  void erase(size_t from, size_t to) {
    text.erase(from, to - from);
    at = from;
  }
  void insert(char c) { text.insert(at++, 1, c); }
};

void show(const std::string& prompt, const Line& line) {
  size_t behind = 0;  // characters right of the place
  for (size_t i = line.at; i < line.text.size(); ++i) behind += is_continuation(line.text[i]) ? 0 : 1;
  std::printf("\r\033[K%s%s", prompt.c_str(), line.text.c_str());
  if (behind != 0) std::printf("\033[%zuD", behind);
  std::fflush(stdout);
}

}  // namespace

std::optional<std::string> LineEditor::read_from_terminal(const std::string& prompt) {
  const RawMode raw;
  auto line = edit(prompt);
  at_end_of_line_();
  return line;
}

std::optional<std::string> LineEditor::edit(const std::string& prompt) {
  Line line;
  size_t chosen = history_.size();
  const auto choose = [&](size_t index) {
    chosen = index;
    line.text = index < history_.size() ? history_[index] : std::string();
    line.at = line.text.size();
  };
  for (;;) {
    show(prompt, line);
    const int key = read_key();
    if (key == end_of_input || (key == control('D') && line.text.empty())) return std::nullopt;
    if (key == '\r' || key == '\n') return line.text;
    if (key == control('C')) return std::string(" ");
    if (key == left || key == control('B'))
      line.at = line.before();
    else if (key == right || key == control('F'))
      line.at = line.behind();
    else if (key == home || key == control('A'))
      line.at = 0;
    else if (key == end || key == control('E'))
      line.at = line.text.size();
    else if (key == 0x7F || key == control('H'))
      line.erase(line.before(), line.at);
    else if (key == del || key == control('D'))
      line.erase(line.at, line.behind());
    else if (key == control('K'))
      line.text.resize(line.at);
    else if (key == control('U'))
      line.erase(0, line.at);
    else if (key == up && chosen > 0)
      choose(chosen - 1);
    else if (key == down && chosen < history_.size())
      choose(chosen + 1);
    else if (key >= ' ' && key < 256 && key != 0x7F)
      line.insert(static_cast<char>(key));
  }
}

std::optional<std::string> LineEditor::read(const std::string& prompt) {
  if (isatty(STDIN_FILENO) == 0) {
    std::string line;
    int byte = 0;
    while ((byte = std::getchar()) != EOF && byte != '\n') line += static_cast<char>(byte);
    at_end_of_line_();
    return byte == EOF && line.empty() ? std::nullopt : std::optional(line);
  }
  const auto line = read_from_terminal(prompt);
  std::puts("");
  if (line && !line->empty() && (history_.empty() || history_.back() != *line)) history_.push_back(*line);
  return line;
}

}  // namespace cloche::cli
