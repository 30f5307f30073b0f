// A guest's file descriptors by number.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "wasi/descriptor.hpp"
#include "wasi/errno.hpp"

namespace cloche::wasi {

/// Thread-safe once it is shared. Numbers below the limit; the lowest free one is given.
class DescriptorTable {
 public:
  explicit DescriptorTable(uint32_t max_descriptors) : max_(max_descriptors) {}

  /// Fails: badf.
  Or<DescriptorPtr> get(uint32_t number) const {
    if (!is_shared_.load(std::memory_order_relaxed)) return get_unlocked(number);
    const std::lock_guard lock(mutex_);
    return get_unlocked(number);
  }
  /// Called before a second thread may use the table; until then looking up takes no lock.
  void share() { is_shared_.store(true, std::memory_order_relaxed); }
  /// The number given. Fails: mfile.
  Or<uint32_t> add(DescriptorPtr descriptor);
  /// Whether add() can succeed right now, for callers that would otherwise have changed something before they
  /// fail.
  bool is_full() const;
  /// Takes it out; the last user closes it. Fails: badf.
  Done close(uint32_t number);
  /// Moves `from` to the number `to`, which is closed. Both must be open. Fails: badf.
  Done renumber(uint32_t from, uint32_t to);
  /// The host's numbers of all that are owned.
  std::vector<int> host_descriptors() const;

 private:
  Or<DescriptorPtr> get_unlocked(uint32_t number) const {
    if (!is_open(number)) return fail(Errno::badf);
    return slots_[number];
  }
  bool is_open(uint32_t number) const { return number < slots_.size() && slots_[number]; }

  const uint32_t max_;
  std::atomic<bool> is_shared_{false};
  mutable std::mutex mutex_;
  std::vector<DescriptorPtr> slots_;
  uint32_t lowest_free_ = 0;  // all below are taken
};

}  // namespace cloche::wasi
