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
            for (const auto& [one, two] : pairs) exchange(directory, one, two);
          }
          close(directory);
        }) {}
  ~Swapper() { stop(); }

  /// Whether the file system can exchange names at all.
  static bool works_in(const std::filesystem::path& directory) {
    const std::string one = directory / "exchange-one", two = directory / "exchange-two";
    close(open(one.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    close(open(two.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    const bool works = exchange(AT_FDCWD, one, two);
    unlink(one.c_str());
    unlink(two.c_str());
    return works;
  }

  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  static bool exchange(int directory, const std::string& one, const std::string& two) {
    constexpr unsigned rename_exchange = 2;
    return syscall(SYS_renameat2, directory, one.c_str(), directory, two.c_str(), rename_exchange) == 0;
  }

  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace cloche::sandbox
