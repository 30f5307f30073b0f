#include "wasi/random_source.hpp"

#include <algorithm>
#include <cstring>

#include "platform/random.hpp"

namespace cloche::wasi {

Done RandomSource::fill(std::span<uint8_t> bytes) {
  if (!seed_) return from_system(platform::fill_random(bytes));
  const std::lock_guard lock(mutex_);
  while (!bytes.empty()) {
    const uint64_t word = next();
    const size_t size = std::min(bytes.size(), sizeof word);
    memcpy(bytes.data(), &word, size);
    bytes = bytes.subspan(size);
  }
  return {};
}

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
uint64_t RandomSource::next() {
  *seed_ += 0x9E3779B97F4A7C15u;
  uint64_t z = *seed_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace cloche::wasi
