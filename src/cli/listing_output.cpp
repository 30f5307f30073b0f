#include "cli/listing_output.hpp"

#include <unistd.h>

#include <cstdio>

#include "cli/cli.hpp"
#include "platform/files.hpp"

namespace cloche::cli {

StandardOutput::StandardOutput(std::function<void()> on_piece)
    : Output(&write, this), on_piece_(std::move(on_piece)) {
  std::fflush(stdout);
}

bool StandardOutput::write(void* self, std::string_view piece) {
  const auto written =
      platform::write_all(STDOUT_FILENO, {reinterpret_cast<const uint8_t*>(piece.data()), piece.size()});
  if (!written) die(exit_failure, "cannot write to standard output: " + written.error());
  const auto& on_piece = static_cast<StandardOutput*>(self)->on_piece_;
  if (on_piece) on_piece();
  return true;
}

}  // namespace cloche::cli
