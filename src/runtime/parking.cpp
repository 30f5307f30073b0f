#include "runtime/parking.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace cloche::runtime {
namespace {

/// A parked thread; lives on its own native stack, linked under its bucket's mutex.
struct Waiter {
  const void* key;
  std::condition_variable wake;
  bool notified = false;
  Waiter* previous = nullptr;
  Waiter* next = nullptr;
};

/// Threads whose addresses hash alike, in order of arrival.
struct Bucket {
  std::mutex mutex;
  Waiter* first = nullptr;
  Waiter* last = nullptr;

  void append(Waiter& waiter) {
    waiter.previous = last;
    (last ? last->next : first) = &waiter;
    last = &waiter;
  }
  void remove(Waiter& waiter) {
    (waiter.previous ? waiter.previous->next : first) = waiter.next;
    (waiter.next ? waiter.next->previous : last) = waiter.previous;
  }
};

Bucket& bucket_of(const void* key) {
  static std::array<Bucket, 64> buckets;
  const uint64_t hash = reinterpret_cast<uint64_t>(key) * 0x9E3779B97F4A7C15u;
  return buckets[hash >> 58];
}

/// Beyond this a timeout is no timeout; adding it to a time point could overflow.
constexpr int64_t forever_ns = int64_t{365} * 24 * 3600 * 1'000'000'000;

/// How often a waiting thread looks at its interrupt flag.
constexpr std::chrono::milliseconds interrupt_interval{5};

thread_local const std::atomic<bool>* wait_interrupt = nullptr;

bool is_interrupted() { return wait_interrupt && wait_interrupt->load(std::memory_order_relaxed); }

WaitResult wait(Bucket& bucket, std::unique_lock<std::mutex>& lock, const void* key, int64_t timeout_ns) {
  using Clock = std::chrono::steady_clock;
  const bool is_timed = timeout_ns >= 0 && timeout_ns <= forever_ns;
  const auto deadline =
      is_timed ? Clock::now() + std::chrono::nanoseconds(timeout_ns) : Clock::time_point::max();
  Waiter waiter{.key = key, .wake = {}};
  bucket.append(waiter);
  for (;;) {
    const auto next_look = std::min(deadline, Clock::now() + interrupt_interval);
    if (waiter.wake.wait_until(lock, next_look, [&] { return waiter.notified; })) return WaitResult::ok;
    const bool is_late = Clock::now() >= deadline;
    if (!is_late && !is_interrupted()) continue;
    bucket.remove(waiter);
    return is_late ? WaitResult::timed_out : WaitResult::ok;
  }
}

template <class T>
WaitResult park(const abi::Memory& memory, uint64_t address, T expected, int64_t timeout_ns) {
  const T* const cell = reinterpret_cast<const T*>(memory.base + address);
  Bucket& bucket = bucket_of(cell);
  // The comparison and the enqueueing are one step against unpark, which takes the same mutex.
  std::unique_lock lock(bucket.mutex);
  if (__atomic_load_n(cell, __ATOMIC_SEQ_CST) != expected) return WaitResult::not_equal;
  return wait(bucket, lock, cell, timeout_ns);
}

}  // namespace

const std::atomic<bool>* set_wait_interrupt(const std::atomic<bool>* flag) {
  return std::exchange(wait_interrupt, flag);
}

WaitResult park32(const abi::Memory& memory, uint64_t address, uint32_t expected, int64_t timeout_ns) {
  return park(memory, address, expected, timeout_ns);
}

WaitResult park64(const abi::Memory& memory, uint64_t address, uint64_t expected, int64_t timeout_ns) {
  return park(memory, address, expected, timeout_ns);
}

uint32_t unpark(const abi::Memory& memory, uint64_t address, uint32_t count) {
  const void* const key = memory.base + address;
  Bucket& bucket = bucket_of(key);
  const std::lock_guard lock(bucket.mutex);
  uint32_t woken = 0;
  for (Waiter* waiter = bucket.first; waiter && woken < count;) {
    Waiter* const next = waiter->next;
    if (waiter->key == key) {
      bucket.remove(*waiter);
      waiter->notified = true;
      waiter->wake.notify_one();  // under the mutex: the waiter ends when it sees `notified`
      ++woken;
    }
    waiter = next;
  }
  return woken;
}

}  // namespace cloche::runtime
