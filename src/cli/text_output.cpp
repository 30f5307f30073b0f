#include "cli/text_output.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "cli/cli.hpp"
#include "cli/progress.hpp"
#include "diagnostics/printable.hpp"

namespace cloche::cli {

void TextOutput::open() {
  stream_ = file_ == "-" ? stdout : std::fopen(file_.c_str(), "wb");
  if (stream_ == nullptr) die();
}

void TextOutput::write(std::string_view piece) {
  if (stream_ == nullptr) open();
  if (std::fwrite(piece.data(), 1, piece.size(), stream_) != piece.size()) die();
}

void TextOutput::close() {
  if (stream_ == nullptr) open();
  const bool written = stream_ == stdout ? std::fflush(stdout) == 0 : std::fclose(stream_) == 0;
  if (!written) die();
  stream_ = nullptr;
}

void TextOutput::discard() {
  if (stream_ == nullptr || stream_ == stdout) return;
  std::fclose(stream_);
  std::remove(file_.c_str());
  stream_ = nullptr;
}

void TextOutput::die() {
  Progress::end_all();
  const char* const reason = std::strerror(errno);
  std::fprintf(stderr, "%s: %s cannot write: %s\n",
               file_ == "-" ? "<stdout>" : diagnostics::printable(file_).c_str(),
               error_label("error:").c_str(), reason);
  finish(exit_failure);
}

wasm::Result<void> print_to(const std::string& file, const wasm::Module& module,
                            const text::PrintOptions& options) {
  TextOutput text(file);
  Progress progress("printing", module.bytes.span().size(), Progress::Counts::output,
                    file == "-" ? STDOUT_FILENO : -1);
  uint64_t written = 0;
  TRY(text::print(module, options, [&](std::string_view piece) {
    text.write(piece);
    progress.at(written += piece.size());
  }));
  text.close();
  return {};
}

}  // namespace cloche::cli
