#include "platform/random.hpp"

#include <sys/random.h>

namespace cloche::platform {

SystemResult<void> fill_random(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = uninterrupted([&] { return getrandom(bytes.data(), bytes.size(), 0); });
    if (got < 0) return failed_with_errno();
    bytes = bytes.subspan(static_cast<size_t>(got));
  }
  return {};
}

}  // namespace cloche::platform
