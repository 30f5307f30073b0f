// Random bytes for a guest: the system's, or the same ones in every run where that was asked for.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include "wasi/errno.hpp"

namespace cloche::wasi {

/// Thread-safe.
class RandomSource {
 public:
  explicit RandomSource(std::optional<uint64_t> seed) : seed_(seed) {}
  /// Fails with what the system says.
  Done fill(std::span<uint8_t> bytes);

 private:
  uint64_t next();

  std::mutex mutex_;
  std::optional<uint64_t> seed_;
};

}  // namespace cloche::wasi
