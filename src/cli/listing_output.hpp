// Standard output for the long texts that listings are.
#pragma once

#include <functional>

#include "base/output.hpp"

namespace cloche::cli {

/// Writes past stdio, which is flushed first. Dies when the output cannot be written.
class StandardOutput : public base::Output {
 public:
  /// `on_piece` is called now and then while the text grows; may be empty.
  explicit StandardOutput(std::function<void()> on_piece = {});
  ~StandardOutput() { flush(); }

 private:
  static bool write(void* self, std::string_view piece);
  std::function<void()> on_piece_;
};

}  // namespace cloche::cli
