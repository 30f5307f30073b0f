// A thread that exchanges names as fast as it can: now a directory, now a link that leads out.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cloche::sandbox {

/// How much longer than in a usual run: `CLOCHE_TEST_LONG=N` multiplies rounds.
inline uint64_t rounds(uint64_t usual) {
  const char* factor = std::getenv("CLOCHE_TEST_LONG");
  return usual * (factor ? std::max(1ul, std::strtoul(factor, nullptr, 10)) : 1);
}

/// Whether a race goes on: for its rounds, and until both sides of the exchange were seen, but not for ever.
inline bool race_goes_on(uint64_t round, uint64_t usual, bool seen_both) {
  return round < rounds(usual) || (!seen_both && round < 2'000'000);
}

/// Swaps the names of each pair in turn until it ends.
class Swapper {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  Swapper(const std::filesystem::path& root, Pairs pairs)
      : thread_([this, root, pairs = std::move(pairs)] {
          const int directory = open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
          while (!stop_.load(std::memory_order_relaxed)) {
            for (const auto& [one, two] : pairs)
              if (syscall(SYS_renameat2, directory, one.c_str(), directory, two.c_str(),
                          2 /* RENAME_EXCHANGE */) == 0)
                swaps_.fetch_add(1, std::memory_order_relaxed);
          }
          close(directory);
        }) {}
  ~Swapper() { stop(); }
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  uint64_t swaps() const { return swaps_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<uint64_t> swaps_ = 0;
  std::thread thread_;
};

}  // namespace cloche::sandbox
