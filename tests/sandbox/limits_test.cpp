// Counts and sizes that a guest chooses: each has a bound, none wraps around, nothing is allocated or changed
// ahead of the check.
#include <gtest/gtest.h>

#include <cstring>

#include "world.hpp"

namespace cloche::sandbox {
namespace {

constexpr uint32_t max_vecs = 1024, max_subscriptions = 4096;

bool is_refusal(uint32_t error) { return error == err::inval || error == err::fault; }

TEST(SandboxLimits, PiecesOfMemory) {
  World world;
  Guest& guest = world.guest();
  const uint64_t size = guest.memory_size();
  for (const uint32_t fd : {0u, 1u}) {
    const char* const name = fd == 0 ? "fd_read" : "fd_write";
    // Counts whose product with 8 wraps around in 32 bits, and lists that end outside.
    for (const uint64_t count :
         {uint64_t{max_vecs} + 1, uint64_t{0x20000000}, uint64_t{0x20000001}, uint64_t{0xffffffff}})
      EXPECT_TRUE(is_refusal(guest.call(name, {fd, 0, count, 8}))) << name << ' ' << count;
    EXPECT_EQ(guest.call(name, {fd, size - 4, 1, 8}), err::fault) << name;
    EXPECT_EQ(guest.call(name, {fd, 0xfffffff8, 2, 8}), err::fault) << name;
    EXPECT_EQ(guest.call(name, {fd, 0, 1, size - 3}), err::fault) << name;
    // A piece outside, one that wraps around, and a good one before it: nothing is done.
    const uint32_t outside[] = {4096, 4, static_cast<uint32_t>(size - 1), 2};
    const uint32_t around[] = {4096, 4, 0xfffffff0, 0x20};
    for (const auto& vecs : {outside, around}) {
      guest.forget();
      const uint32_t at = guest.put({reinterpret_cast<const char*>(vecs), 16});
      EXPECT_EQ(guest.call(name, {fd, at, 2, 8}), err::fault) << name;
    }
  }
}

TEST(SandboxLimits, AsManyPiecesAsAllowedAreWritten) {
  World world;
  Guest& guest = world.guest();
  uint32_t fd = 0;
  ASSERT_EQ(guest.open(World::in, "new", {.oflags = creat, .rights = right::fd_write}, &fd), err::success);
  guest.forget();
  const uint32_t letter = guest.put("x"), count = guest.reserve(4);
  std::vector<uint32_t> vecs;
  for (uint32_t i = 0; i < max_vecs; ++i) vecs.insert(vecs.end(), {letter, 1});
  const uint32_t at = guest.put({reinterpret_cast<const char*>(vecs.data()), vecs.size() * 4});
  EXPECT_EQ(guest.call("fd_write", {fd, at, max_vecs, count}), err::success);
  EXPECT_EQ(guest.u32(count), max_vecs);
  EXPECT_EQ(world.scratch().read("in/new"), std::string(max_vecs, 'x'));
  // A piece may be of any size that lies in memory, and pieces may overlap.
  const uint32_t large[] = {0, guest.memory_size(), 0, guest.memory_size()};
  guest.forget();
  const uint32_t list = guest.put({reinterpret_cast<const char*>(large), sizeof large});
  EXPECT_EQ(guest.call("fd_write", {fd, list, 2, count}), err::success);
}

/// A subscription to a point of the monotonic clock that is long past.
std::string past_clock(uint64_t userdata) {
  std::string bytes(48, '\0');
  memcpy(bytes.data(), &userdata, 8);
  bytes[16] = 1;  // monotonic
  bytes[40] = 1;  // a point in time: 0
  return bytes;
}

TEST(SandboxLimits, Subscriptions) {
  World world;
  Guest& guest = world.guest();
  const uint64_t size = guest.memory_size();
  // 0x05555556 * 48 and 0x08000001 * 32 wrap around to 32 in 32 bits.
  for (const uint64_t count : {uint64_t{0}, uint64_t{max_subscriptions} + 1, uint64_t{0x05555556},
                               uint64_t{0x08000001}, uint64_t{0xffffffff}})
    EXPECT_TRUE(is_refusal(guest.call("poll_oneoff", {0, 4096, count, 8}))) << count;
  EXPECT_EQ(guest.call("poll_oneoff", {size - 47, 4096, 1, 8}), err::fault);
  EXPECT_EQ(guest.call("poll_oneoff", {0xffffffd0, 4096, 1, 8}), err::fault);
}

TEST(SandboxLimits, EventsDoNotFlowOverTheirBuffer) {
  // CVE-2026-54914: the output of poll_oneoff was written past its end.
  World world;
  Guest& guest = world.guest();
  const uint32_t size = guest.memory_size();
  const uint32_t in = guest.put(past_clock(1) + past_clock(2) + past_clock(3));
  for (const uint32_t room : {0u, 31u, 32u, 64u, 95u})
    EXPECT_EQ(guest.call("poll_oneoff", {in, size - room, 3, 8}), err::fault) << room;
  EXPECT_EQ(guest.text(size - 95, 95), std::string(95, '\0'));
  ASSERT_EQ(guest.call("poll_oneoff", {in, size - 96, 3, 8}), err::success);
  EXPECT_EQ(guest.u32(8), 3u);
  for (uint32_t i = 0; i < 3; ++i) EXPECT_EQ(guest.u64(size - 96 + 32 * i), i + 1);
}

TEST(SandboxLimits, AsManySubscriptionsAsAllowedAreAnswered) {
  World world;
  Guest& guest = world.guest();
  std::string all;
  for (uint32_t i = 0; i < max_subscriptions; ++i) all += past_clock(i);
  const uint32_t in = guest.put(all), out = guest.reserve(max_subscriptions * 32);
  ASSERT_EQ(guest.call("poll_oneoff", {in, out, max_subscriptions, 8}), err::success);
  EXPECT_EQ(guest.u32(8), max_subscriptions);
  EXPECT_EQ(guest.u64(out + (max_subscriptions - 1) * 32), max_subscriptions - 1);
}

TEST(SandboxLimits, InputAndOutputOfPollMayOverlap) {
  World world;
  Guest& guest = world.guest();
  const uint32_t in = guest.put(past_clock(1) + past_clock(2) + past_clock(3));
  ASSERT_EQ(guest.call("poll_oneoff", {in, in, 3, 8}), err::success);
  for (uint32_t i = 0; i < 3; ++i) EXPECT_EQ(guest.u64(in + 32 * i), i + 1);
}

TEST(SandboxLimits, RandomBytes) {
  World world;
  Guest& guest = world.guest();
  EXPECT_EQ(guest.call("random_get", {0, 0xffffffff}), err::fault);
  EXPECT_EQ(guest.call("random_get", {guest.memory_size() - 1, 2}), err::fault);
  EXPECT_EQ(guest.call("random_get", {guest.memory_size(), 0}), err::success);
  EXPECT_EQ(guest.call("random_get", {0, guest.memory_size()}), err::success);
  constexpr uint32_t bound = 64 << 20;
  ASSERT_TRUE(guest.memory().grow(1024));
  EXPECT_EQ(guest.call("random_get", {0, bound}), err::success);
  EXPECT_EQ(guest.call("random_get", {0, bound + 1}), err::inval);
}

TEST(SandboxLimits, OpenFiles) {
  // CVE-2026-27204: as many handles as a guest liked.
  World world;
  Guest& guest = world.guest();
  std::vector<uint32_t> open;
  uint32_t fd = 0, error = 0;
  while ((error = guest.open(World::in, "file", {}, &fd)) == err::success && open.size() < 5000)
    open.push_back(fd);
  EXPECT_EQ(error, err::mfile);
  EXPECT_GT(open.size(), 200u);
  EXPECT_LE(open.size(), 1024u);
  // Full means that nothing is done, either.
  EXPECT_EQ(guest.open(World::in, "new", {.oflags = creat, .rights = right::fd_write}, &fd), err::mfile);
  EXPECT_EQ(guest.open(World::in, "file", {.oflags = trunc, .rights = right::fd_write}, &fd), err::mfile);
  EXPECT_FALSE(world.scratch().exists("in/new"));
  EXPECT_EQ(world.scratch().read("in/file"), "inside");
  // One closed is one to be had again, by the same number.
  EXPECT_EQ(guest.close(open[7]), err::success);
  EXPECT_EQ(guest.open(World::in, "file", {}, &fd), err::success);
  EXPECT_EQ(fd, open[7]);
  for (const uint32_t each : open) EXPECT_EQ(guest.close(each), err::success);
}

TEST(SandboxLimits, BuffersOfOtherCalls) {
  World world;
  Guest& guest = world.guest();
  const uint64_t size = guest.memory_size();
  for (const uint64_t length : {size, uint64_t{0xffffffff}, uint64_t{0xfffff000}}) {
    EXPECT_EQ(guest.call("fd_readdir", {World::in, 4096, length, 0, 8}), err::fault) << length;
    EXPECT_EQ(guest.call("fd_prestat_dir_name", {World::in, 4096, length}), err::fault) << length;
    EXPECT_EQ(guest.call("path_readlink", {World::in, guest.put("file"), 4, 4096, length, 8}), err::fault)
        << length;
    guest.forget();
  }
  EXPECT_EQ(guest.call("fd_prestat_dir_name", {World::in, 4096, 1}), err::nametoolong);
  EXPECT_EQ(guest.call("fd_prestat_get", {World::in, size - 7}), err::fault);
  EXPECT_EQ(guest.call("fd_fdstat_get", {World::in, size - 23}), err::fault);
  EXPECT_EQ(guest.call("fd_filestat_get", {World::in, size - 63}), err::fault);
  EXPECT_EQ(guest.call("clock_time_get", {0, 0, size - 7}), err::fault);
  EXPECT_EQ(guest.call("clock_res_get", {0, size - 7}), err::fault);
  EXPECT_EQ(guest.call("args_sizes_get", {0, size - 3}), err::fault);
  EXPECT_EQ(guest.call("environ_sizes_get", {size - 3, 0}), err::fault);
  EXPECT_EQ(guest.call("fd_tell", {World::in, size - 7}), err::fault);
}

TEST(SandboxLimits, AFaultInTheResultLeavesNothingBehind) {
  World world;
  Guest& guest = world.guest();
  const uint64_t outside = guest.memory_size() - 3;
  const size_t before = platform::open_descriptors();
  EXPECT_EQ(
      guest.call("path_open", {World::in, 0, guest.put("new"), 3, creat, right::fd_write, 0, 0, outside}),
      err::fault);
  EXPECT_FALSE(world.scratch().exists("in/new"));
  EXPECT_EQ(platform::open_descriptors(), before);
}

TEST(SandboxLimits, OffsetsAndSizesOfFiles) {
  World world;
  Guest& guest = world.guest();
  uint32_t fd = 0;
  ASSERT_EQ(guest.open(World::in, "file", {.rights = right::all}, &fd), err::success);
  for (const uint64_t large : {~uint64_t{0}, uint64_t{1} << 63}) {  // no offset of a file, which are signed
    EXPECT_EQ(guest.call("fd_filestat_set_size", {fd, large}), err::fbig);
    EXPECT_TRUE(is_refusal(guest.call("fd_pread", {fd, 64, 0, large, 8})));
    EXPECT_TRUE(is_refusal(guest.call("fd_pwrite", {fd, 64, 0, large, 8})));
    EXPECT_NE(guest.call("fd_allocate", {fd, large, 1}), err::success);
    EXPECT_NE(guest.call("fd_allocate", {fd, 0, large}), err::success);
    (void)guest.call("fd_advise", {fd, large, large, 0});  // advice, so nothing need be wrong with it
  }
  // The largest there is: some file systems have files of that size, but none has the room.
  constexpr uint64_t largest = (uint64_t{1} << 63) - 1;
  EXPECT_NE(guest.call("fd_allocate", {fd, largest, largest}), err::success);
  const uint32_t resized = guest.call("fd_filestat_set_size", {fd, largest});
  EXPECT_TRUE(resized == err::success || resized == err::fbig) << resized;
  ASSERT_EQ(guest.call("fd_filestat_set_size", {fd, 6}), err::success);
  EXPECT_EQ(guest.call("fd_seek", {fd, ~uint64_t{0}, 0, 8}), err::inval);
  EXPECT_EQ(guest.call("fd_seek", {fd, 0, 3, 8}), err::inval);
  EXPECT_EQ(guest.call("fd_advise", {fd, 0, 0, 6}), err::inval);
  EXPECT_EQ(world.scratch().read("in/file"), "inside");
}

TEST(SandboxLimits, FlagsThatAreNoneAreRefused) {
  World world;
  Guest& guest = world.guest();
  for (int bit = 1; bit < 32; ++bit) {
    EXPECT_EQ(guest.stat(World::in, "file", 1u << bit), err::inval) << bit;
    EXPECT_EQ(guest.touch(World::in, "file", 1u << bit), err::inval) << bit;
    EXPECT_EQ(guest.try_open(World::in, "file", {.lookup = 1u << bit}), err::inval) << bit;
    if (bit >= 4) {
      EXPECT_EQ(guest.try_open(World::in, "file", {.oflags = 1u << bit}), err::inval) << bit;
    }
    if (bit >= 5) {
      EXPECT_EQ(guest.try_open(World::in, "file", {.fdflags = 1u << bit}), err::inval) << bit;
    }
  }
}

}  // namespace
}  // namespace cloche::sandbox
