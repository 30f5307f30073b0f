// Clocks and random bytes: no finer than granted, never backwards, and the system's own unless asked
// otherwise.
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "world.hpp"

namespace cloche::sandbox {
namespace {

constexpr uint32_t realtime = 0, monotonic = 1;

uint64_t time_of(Guest& guest, uint32_t clock) {
  EXPECT_EQ(guest.call("clock_time_get", {clock, 0, 64}), err::success);
  return guest.u64(64);
}

uint64_t resolution_of(Guest& guest, uint32_t clock) {
  EXPECT_EQ(guest.call("clock_res_get", {clock, 64}), err::success);
  return guest.u64(64);
}

TEST(SandboxClocks, TellNothingFinerThanAMicrosecond) {
  World world;
  for (const uint32_t clock : {realtime, monotonic}) {
    EXPECT_GE(resolution_of(world.guest(), clock), 1000u);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(time_of(world.guest(), clock) % 1000, 0u);
  }
}

TEST(SandboxClocks, TellNothingFinerThanGranted) {
  Wasi wasi;
  wasi.clock_resolution_ns(1'000'000);
  Guest guest(wasi);
  for (const uint32_t clock : {realtime, monotonic}) {
    EXPECT_EQ(resolution_of(guest, clock), 1'000'000u);
    EXPECT_EQ(time_of(guest, clock) % 1'000'000, 0u);
  }
}

TEST(SandboxClocks, TheMonotonicOneNeverGoesBack) {
  World world;
  uint64_t last = 0;
  for (int i = 0; i < 100'000; ++i) {
    const uint64_t now = time_of(world.guest(), monotonic);
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(time_of(world.guest(), realtime), uint64_t{1'600'000'000} * 1'000'000'000);
}

TEST(SandboxClocks, OthersAreRefused) {
  World world;
  for (const uint32_t clock : {2u, 3u, 4u, 5u, 100u, 0x80000000u, 0xffffffffu}) {
    const uint32_t error = world.guest().call("clock_time_get", {clock, 0, 64});
    if (clock > 3) {
      EXPECT_EQ(error, err::inval) << clock;
    }
    EXPECT_TRUE(error == err::success || error == err::inval || error == err::notsup) << clock;
  }
}

TEST(SandboxClocks, PollingForAPointInThePastDoesNotWait) {
  World world;
  Guest& guest = world.guest();
  for (const uint32_t clock : {realtime, monotonic}) {
    std::string subscription(48, '\0');
    subscription[0] = 42;
    subscription[16] = static_cast<char>(clock);
    subscription[24] = 1;  // a nanosecond after the beginning
    subscription[40] = 1;  // is a point in time
    guest.forget();
    const uint32_t in = guest.put(subscription), out = guest.reserve(32);
    ASSERT_EQ(guest.call("poll_oneoff", {in, out, 1, 64}), err::success);
    EXPECT_EQ(guest.u32(64), 1u);
    EXPECT_EQ(guest.u64(out), 42u);
    EXPECT_EQ(guest.u32(out + 8), 0u);  // no error, a clock
  }
}

TEST(SandboxClocks, PollAnswersEveryBadSubscriptionByItself) {
  World world;
  Guest& guest = world.guest();
  std::string subscriptions(48 * 3, '\0');
  subscriptions[0] = 1, subscriptions[8] = 1, subscriptions[16] = 99;  // reading from no descriptor
  subscriptions[48] = 2, subscriptions[48 + 8] = 77;                   // no such type
  subscriptions[96] = 3, subscriptions[96 + 16] = 99;                  // no such clock
  const uint32_t in = guest.put(subscriptions), out = guest.reserve(32 * 3);
  const uint32_t error = guest.call("poll_oneoff", {in, out, 3, 64});
  ASSERT_EQ(error, err::success);
  ASSERT_EQ(guest.u32(64), 3u);
  EXPECT_EQ(guest.u64(out), 1u);
  EXPECT_EQ(guest.u32(out + 8) & 0xffff, err::badf);
  EXPECT_EQ(guest.u32(out + 32 + 8) & 0xffff, err::inval);
  EXPECT_EQ(guest.u32(out + 64 + 8) & 0xffff, err::inval);
}

TEST(SandboxRandom, BytesDiffer) {
  World world;
  Guest& guest = world.guest();
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(guest.call("random_get", {4096, 32}), err::success);
    EXPECT_TRUE(seen.insert(guest.text(4096, 32)).second);
  }
  // Exactly as many as asked for.
  ASSERT_EQ(guest.call("random_get", {8192, 7}), err::success);
  EXPECT_EQ(guest.text(8199, 57), std::string(57, '\0'));
}

TEST(SandboxRandom, IsRepeatableOnlyWhenAskedFor) {
  const auto draw = [](std::optional<uint64_t> seed) {
    Wasi wasi;
    if (seed) wasi.deterministic(*seed);
    Guest guest(wasi);
    EXPECT_EQ(guest.call("random_get", {4096, 64}), err::success);
    return guest.text(4096, 64) + std::to_string(seed ? time_of(guest, realtime) : 0);
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
  EXPECT_NE(draw({}), draw({}));
}

}  // namespace
}  // namespace cloche::sandbox
