// Waiting until one of several descriptors can be read or written.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "platform/errno.hpp"

namespace cloche::platform {

/// A descriptor, what is asked of it, and the answer.
struct Readiness {
  int fd = -1;
  bool wants_read = false;
  bool wants_write = false;
  bool can_read = false;
  bool can_write = false;
  bool hung_up = false;    ///< the other end is closed
  bool is_broken = false;  ///< an error is pending, or the descriptor is not open
};

/// Waits until an answer is there or `timeout_ns` have passed (nothing: without end), fills the answers in
/// and returns how many descriptors have one. Fails as poll(2) does: EINTR for every signal, EINVAL for too
/// many.
SystemResult<size_t> wait_until_ready(std::span<Readiness> items, std::optional<uint64_t> timeout_ns);

}  // namespace cloche::platform
