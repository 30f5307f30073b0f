#include "cli/progress.hpp"

#include <unistd.h>

#include <cstdio>

#include "platform/clock.hpp"

namespace cloche::cli {
namespace {

constexpr uint64_t first_after_ns = 500'000'000;
constexpr uint64_t between_ns = 100'000'000;

}  // namespace

Progress::Progress(std::string_view what, uint64_t total, int also_shown)
    : what_(what),
      total_(total),
      begun_ns_(platform::monotonic_ns()),
      possible_(isatty(STDERR_FILENO) != 0 && (also_shown < 0 || isatty(also_shown) == 0)) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::at(uint64_t done) {
  if (!possible_) return;
  const uint64_t now = platform::monotonic_ns();
  if (now - begun_ns_ < first_after_ns || now - last_ns_ < between_ns) return;
  last_ns_ = now;
  shown_ = true;
  const uint64_t percent = total_ == 0 ? 100 : done * 100 / total_;
  std::fprintf(stderr, "\r%.*s: %llu %% of %.1f MB\033[K", static_cast<int>(what_.size()), what_.data(),
               static_cast<unsigned long long>(percent), static_cast<double>(total_) / 1e6);
}

}  // namespace cloche::cli
