#include "cli/progress.hpp"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "platform/clock.hpp"
#include "platform/worker.hpp"

namespace cloche::cli {
namespace {

constexpr uint64_t ms = 1'000'000;
constexpr uint64_t usually_after_ns = 500 * ms;
// A piece of work shorter than this is not worth a line, however late in the command it comes.
constexpr uint64_t shortest_ns = 100 * ms;
constexpr uint64_t between_ns = 100 * ms;

uint64_t after_ns() {
  const char* const asked = std::getenv("CLOCHE_PROGRESS_AFTER_MS");
  if (asked == nullptr) return usually_after_ns;
  uint64_t wanted = 0;
  const auto [end, status] = std::from_chars(asked, asked + std::strlen(asked), wanted);
  return status == std::errc() && wanted < 1'000'000 ? wanted * ms : usually_after_ns;
}

/// Whether a line can be written, and written over, on standard error.
bool is_possible(int also_shown) {
  if (isatty(STDERR_FILENO) == 0 || (also_shown >= 0 && isatty(also_shown) != 0)) return false;
  const char* const terminal = std::getenv("TERM");
  return terminal == nullptr || std::string_view(terminal) != "dumb";
}

std::string size_text(uint64_t bytes) {
  char text[32];
  if (bytes < 1'000'000)
    std::snprintf(text, sizeof text, "%llu kB", static_cast<unsigned long long>((bytes + 999) / 1000));
  else
    std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

/// When the command's first piece of work began.
uint64_t work_began_ns() {
  static const uint64_t began = platform::monotonic_ns();
  return began;
}

}  // namespace

/// Shared with the thread, which may be a little late to see that the work has ended.
struct Progress::State {
  std::string_view what;
  uint64_t size;
  Counts counts;
  std::shared_ptr<std::atomic<uint64_t>> done;
  uint64_t began_ns = platform::monotonic_ns();
  std::mutex mutex;
  std::condition_variable wake;
  bool shown = false;
  bool ended = false;

  static State* current;  // for end_all; of the one thread that works

  void draw() {
    const uint64_t now_at = done->load(std::memory_order_relaxed);
    const double seconds = static_cast<double>(platform::monotonic_ns() - began_ns) / 1e9;
    const int length = static_cast<int>(what.size());
    if (counts == Counts::input && size != 0)
      std::fprintf(stderr, "\r%.*s: %llu %% of %s\033[K", length, what.data(),
                   static_cast<unsigned long long>(now_at * 100 / size), size_text(size).c_str());
    else if (counts == Counts::output)
      std::fprintf(stderr, "\r%.*s %s: %s so far\033[K", length, what.data(), size_text(size).c_str(),
                   size_text(now_at).c_str());
    else
      std::fprintf(stderr, "\r%.*s %s: %.1f s\033[K", length, what.data(), size_text(size).c_str(), seconds);
    shown = true;
  }

  void run(uint64_t first_ns) {
    std::unique_lock lock(mutex);
    uint64_t next_ns = first_ns;
    while (!ended) {
      const uint64_t now_ns = platform::monotonic_ns();
      if (now_ns >= next_ns) {
        draw();
        next_ns = now_ns + between_ns;
      }
      wake.wait_for(lock, std::chrono::nanoseconds(next_ns - now_ns));
    }
  }
};

Progress::State* Progress::State::current = nullptr;

Progress::Progress(std::string_view what, uint64_t size, Counts counts, int also_shown)
    : done_(std::make_shared<std::atomic<uint64_t>>(0)) {
  end_all();
  const uint64_t began_ns = work_began_ns();
  if (!is_possible(also_shown)) return;
  state_ = std::make_shared<State>(what, size, counts, done_);
  State::current = state_.get();
  const uint64_t after = after_ns();
  if (after == 0) state_->draw();
  const uint64_t first_ns = std::max(began_ns + after, state_->began_ns + shortest_ns);
  platform::start_worker([state = state_, first_ns] { state->run(first_ns); });
}

Progress::~Progress() {
  if (state_ && State::current == state_.get()) end_all();
}

void Progress::end_all() {
  State* const state = State::current;
  if (state == nullptr) return;
  State::current = nullptr;
  const std::lock_guard lock(state->mutex);
  state->ended = true;
  state->wake.notify_one();
  if (state->shown) std::fputs("\r\033[K", stderr);
}

}  // namespace cloche::cli
