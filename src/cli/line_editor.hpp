// Reads lines from a person: a prompt, moving and deleting within the line, the lines before. Where input is
// no terminal, plain lines. See docs/decisions for why this is no library.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cloche::cli {

class LineEditor {
 public:
  /// The next line without its end; nothing at the end of input. Ctrl-C gives a blank line,
  /// which is not an empty one.
  std::optional<std::string> read(const std::string& prompt);

 private:
  std::optional<std::string> edit(const std::string& prompt);
  std::vector<std::string> history_;
};

}  // namespace cloche::cli
