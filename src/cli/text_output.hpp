// A file or standard output that takes text piece by piece.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "text/printer.hpp"

namespace cloche::cli {

/// Dies, naming the file, when it cannot be made or written. Without close() what was written is removed
/// again, so that nobody takes half a text for a whole one.
class TextOutput {
 public:
  /// Nothing is made before the first piece comes. "-" is standard output.
  explicit TextOutput(std::string file) : file_(std::move(file)) {}
  ~TextOutput() { discard(); }
  TextOutput(const TextOutput&) = delete;
  TextOutput& operator=(const TextOutput&) = delete;

  void write(std::string_view piece);
  /// The text is complete.
  void close();
  /// Removes the file; what went to standard output stays.
  void discard();

 private:
  void open();
  [[noreturn]] void die();

  std::string file_;
  std::FILE* stream_ = nullptr;
};

/// Prints a module to such an output. Fails as text::print does; then no file is left.
wasm::Result<void> print_to(const std::string& file, const wasm::Module& module,
                            const text::PrintOptions& options);

}  // namespace cloche::cli
