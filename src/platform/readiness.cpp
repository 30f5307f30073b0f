#include "platform/readiness.hpp"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <vector>

namespace cloche::platform {
namespace {

/// Longer than anybody waits, and far from what time_t cannot hold.
constexpr uint64_t longest_ns = uint64_t{100} * 365 * 24 * 3600 * 1'000'000'000;

timespec to_timespec(uint64_t ns) {
  timespec time = {};
  time.tv_sec = static_cast<time_t>(ns / 1'000'000'000);
  time.tv_nsec = static_cast<long>(ns % 1'000'000'000);
  return time;
}

}  // namespace

SystemResult<size_t> wait_until_ready(std::span<Readiness> items, std::optional<uint64_t> timeout_ns) {
  std::vector<pollfd> polled;
  polled.reserve(items.size());
  for (const Readiness& item : items) {
    const int events = (item.wants_read ? POLLIN : 0) | (item.wants_write ? POLLOUT : 0);
    polled.push_back({item.fd, static_cast<short>(events), 0});
  }
  const timespec timeout = to_timespec(std::min(timeout_ns.value_or(0), longest_ns));
  const int ready = ppoll(polled.data(), polled.size(), timeout_ns ? &timeout : nullptr, nullptr);
  if (ready < 0) return failed_with_errno();
  for (size_t i = 0; i < items.size(); ++i) {
    const int events = polled[i].revents;
    items[i].can_read = (events & POLLIN) != 0;
    items[i].can_write = (events & POLLOUT) != 0;
    items[i].hung_up = (events & POLLHUP) != 0;
    items[i].is_broken = (events & (POLLERR | POLLNVAL)) != 0;
  }
  return static_cast<size_t>(ready);
}

}  // namespace cloche::platform
