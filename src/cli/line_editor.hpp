// Reads lines from a person: a prompt, moving and deleting within the line, the lines before. Where input is
// no terminal, plain lines. See docs/decisions for why this is no library.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cloche::cli {

class LineEditor {
 public:
  /// `at_end_of_line` is called when a line is there, and Ctrl-C is still a key: from then on it is a signal.
  explicit LineEditor(std::function<void()> at_end_of_line) : at_end_of_line_(std::move(at_end_of_line)) {}

  /// The next line without its end; nothing at the end of input. Ctrl-C gives a blank line,
  /// which is not an empty one.
  std::optional<std::string> read(const std::string& prompt);

 private:
  std::optional<std::string> read_from_terminal(const std::string& prompt);
  std::optional<std::string> edit(const std::string& prompt);
  std::function<void()> at_end_of_line_;
  std::vector<std::string> history_;
};

}  // namespace cloche::cli
