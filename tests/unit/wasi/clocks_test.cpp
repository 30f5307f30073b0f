// Clocks and random bytes as they were granted.
#include "wasi/clocks.hpp"

#include <gmock/gmock.h>

#include <array>

#include "wasi/random_source.hpp"

namespace cloche::wasi {
namespace {

using platform::ClockId;

constexpr ClockId all_clocks[] = {ClockId::realtime, ClockId::monotonic, ClockId::process_cpu,
                                  ClockId::thread_cpu};

TEST(Clocks, TellNothingFinerThanTheirResolution) {
  Settings settings;
  settings.clock_resolution_ns = 7'000;
  Clocks clocks(settings);
  for (const ClockId clock : all_clocks) {
    EXPECT_GE(clocks.resolution_ns(clock), 7'000u);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(clocks.now_ns(clock) % 7'000, 0u);
  }
}

TEST(Clocks, DefaultIsNoFinerThanAMicrosecond) {
  const Clocks clocks{Settings()};
  for (const ClockId clock : all_clocks) EXPECT_GE(clocks.resolution_ns(clock), 1'000u);
}

TEST(Clocks, MonotonicTimeNeverGoesBack) {
  Clocks clocks{Settings()};
  uint64_t before = 0;
  for (int i = 0; i < 10000; ++i) {
    const uint64_t now = clocks.now_ns(ClockId::monotonic);
    ASSERT_GE(now, before);
    before = now;
  }
}

TEST(Clocks, DeterministicTimeIsTheSameInEveryRun) {
  Settings settings;
  settings.deterministic_seed = 1;
  for (int run = 0; run < 2; ++run) {
    Clocks clocks(settings);
    EXPECT_EQ(clocks.now_ns(ClockId::realtime), 0u);
    EXPECT_EQ(clocks.now_ns(ClockId::monotonic), 1000u);
    clocks.advance(5000);
    EXPECT_EQ(clocks.now_ns(ClockId::realtime), 7000u);
  }
}

std::array<uint8_t, 37> drawn(RandomSource& source) {
  std::array<uint8_t, 37> bytes = {};
  EXPECT_TRUE(source.fill(bytes));
  return bytes;
}

TEST(RandomSource, SeedsDecideWhereTheyAreGiven) {
  RandomSource one(7);
  RandomSource same(7);
  RandomSource other(8);
  const auto first = drawn(one);
  EXPECT_EQ(first, drawn(same));
  EXPECT_NE(first, drawn(other));
  EXPECT_NE(first, drawn(one));
}

TEST(RandomSource, TheSystemsBytesDiffer) {
  RandomSource source(std::nullopt);
  EXPECT_NE(drawn(source), drawn(source));
}

}  // namespace
}  // namespace cloche::wasi
