// Wait and notify between threads.
#include "runtime/parking.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "runtime/linear_memory.hpp"

namespace cloche::runtime {
namespace {

std::shared_ptr<LinearMemory> shared_memory() {
  wasm::MemType type;
  type.limits = {1, 1, false};
  type.shared = true;
  return LinearMemory::create(type, {});
}

TEST(Parking, OtherValueReturnsAtOnce) {
  const auto memory = shared_memory();
  EXPECT_EQ(park32(*memory->abi(), 0, 1, -1), WaitResult::not_equal);
  EXPECT_EQ(park64(*memory->abi(), 8, 1, -1), WaitResult::not_equal);
}

TEST(Parking, TimesOut) {
  const auto memory = shared_memory();
  EXPECT_EQ(park32(*memory->abi(), 0, 0, 0), WaitResult::timed_out);
  EXPECT_EQ(park64(*memory->abi(), 0, 0, 1'000'000), WaitResult::timed_out);
  EXPECT_EQ(unpark(*memory->abi(), 0, 1), 0u);
}

TEST(Parking, NotifyWakesAsManyAsAskedAndOnlyThatAddress) {
  const auto memory = shared_memory();
  std::atomic<int> woken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      EXPECT_EQ(park32(*memory->abi(), 16, 0, -1), WaitResult::ok);
      ++woken;
    });
  std::thread other([&] { EXPECT_EQ(park32(*memory->abi(), 20, 0, -1), WaitResult::ok); });
  uint32_t first = 0;
  while (first < 2) first += unpark(*memory->abi(), 16, 2 - first);
  while (woken < 2) std::this_thread::yield();
  EXPECT_EQ(woken, 2);
  uint32_t rest = 0;
  while (rest < 2) rest += unpark(*memory->abi(), 16, ~0u);
  EXPECT_EQ(rest, 2u);
  while (unpark(*memory->abi(), 20, 1) == 0) std::this_thread::yield();
  for (std::thread& thread : threads) thread.join();
  other.join();
  EXPECT_EQ(unpark(*memory->abi(), 16, ~0u), 0u);
}

TEST(Parking, TheInterruptFlagEndsAWait) {
  const auto memory = shared_memory();
  std::atomic<bool> interrupt{false};
  std::thread waiter([&] {
    set_wait_interrupt(&interrupt);
    EXPECT_EQ(park32(*memory->abi(), 0, 0, -1), WaitResult::ok);
  });
  interrupt = true;
  waiter.join();
  EXPECT_EQ(unpark(*memory->abi(), 0, 1), 0u);
}

TEST(Parking, PingPongLosesNoWakeUp) {
  const auto memory = shared_memory();
  auto* const cell = reinterpret_cast<uint32_t*>(memory->abi()->base);
  constexpr uint32_t rounds = 2000;
  const auto player = [&](uint32_t parity) {
    for (uint32_t turn = parity; turn < rounds; turn += 2) {
      for (uint32_t seen; (seen = __atomic_load_n(cell, __ATOMIC_SEQ_CST)) != turn;)
        park32(*memory->abi(), 0, seen, -1);
      __atomic_store_n(cell, turn + 1, __ATOMIC_SEQ_CST);
      unpark(*memory->abi(), 0, 1);
    }
  };
  std::thread a(player, 0);
  std::thread b(player, 1);
  a.join();
  b.join();
  EXPECT_EQ(*cell, rounds);
}

TEST(LinearMemoryThreads, GrowthIsAtomic) {
  wasm::MemType type;
  type.limits = {0, 400, false};
  type.shared = true;
  const auto memory = LinearMemory::create(type, {});
  std::atomic<uint64_t> grown{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 200; ++k)
        if (memory->grow(1) != ~uint64_t{0}) ++grown;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(grown, 400u);
  EXPECT_EQ(memory->abi()->size(), 400u << 16);
}

}  // namespace
}  // namespace cloche::runtime
