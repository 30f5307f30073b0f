// memory.atomic.wait and notify: threads parked by the address they wait on (spec: Threads proposal, Wait and
// Notify).
#pragma once

#include <atomic>
#include <cstdint>

#include "abi/instance.hpp"

namespace cloche::runtime {

enum class WaitResult : uint32_t { ok = 0, not_equal = 1, timed_out = 2 };

/// Parks the calling thread while the 4 or 8 bytes at `address` hold `expected`, until notified or
/// `timeout_ns` have passed (< 0: without end). The access was checked: in bounds, aligned, memory shared.
WaitResult park32(const abi::Memory& memory, uint64_t address, uint32_t expected, int64_t timeout_ns);
WaitResult park64(const abi::Memory& memory, uint64_t address, uint64_t expected, int64_t timeout_ns);
/// A flag that ends the calling thread's waits early, with `ok`, when another thread sets it; the executing
/// tier looks at the same flag at its next loop or call and traps. Null for none. Returns the flag before.
const std::atomic<bool>* set_wait_interrupt(const std::atomic<bool>* flag);
/// Wakes up to `count` threads parked at the address, longest parked first. How many it woke.
uint32_t unpark(const abi::Memory& memory, uint64_t address, uint32_t count);

}  // namespace cloche::runtime
