// The guest's table of descriptors: numbers are closed, moved and given again without leaking the host's, and
// without touching those of the host's own streams.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "swapper.hpp"
#include "world.hpp"

namespace cloche::sandbox {
namespace {

constexpr uint32_t no_numbers[] = {63, 1023, 1024, 65536, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

uint32_t open_file(Guest& guest) {
  uint32_t fd = 0;
  EXPECT_EQ(guest.open(World::in, "file", {.rights = right::fd_read | right::fd_seek}, &fd), err::success);
  return fd;
}

std::string start_of(Guest& guest, uint32_t fd) {
  std::string text;
  EXPECT_EQ(guest.call("fd_seek", {fd, 0, 0, 256}), err::success);
  EXPECT_EQ(guest.read(fd, 100, &text), err::success);
  return text;
}

TEST(SandboxDescriptors, NumbersThatAreNotOpenAreRefused) {
  World world;
  Guest& guest = world.guest();
  for (const uint32_t number : no_numbers) {
    EXPECT_EQ(guest.close(number), err::badf) << number;
    EXPECT_EQ(guest.call("fd_fdstat_get", {number, 256}), err::badf) << number;
    EXPECT_EQ(guest.write(number, "x"), err::badf) << number;
    EXPECT_EQ(guest.try_open(number, "file"), err::badf) << number;
    EXPECT_EQ(guest.call("fd_prestat_get", {number, 256}), err::badf) << number;
  }
}

TEST(SandboxDescriptors, RenumberMovesAndClosesWhatWasThere) {
  World world;
  Guest& guest = world.guest();
  const uint32_t one = open_file(guest), two = open_file(guest);
  EXPECT_EQ(guest.call("fd_renumber", {one, two}), err::success);
  EXPECT_EQ(start_of(guest, two), "inside");
  EXPECT_EQ(guest.close(one), err::badf);
  EXPECT_EQ(guest.close(two), err::success);
  EXPECT_EQ(guest.close(two), err::badf);
}

TEST(SandboxDescriptors, RenumberRefusesWhatIsNotOpen) {
  // CVE-2025-53901: the host stopped.
  World world;
  Guest& guest = world.guest();
  const uint32_t fd = open_file(guest);
  for (const uint32_t number : no_numbers) {
    EXPECT_EQ(guest.call("fd_renumber", {number, fd}), err::badf) << number;
    EXPECT_EQ(guest.call("fd_renumber", {fd, number}), err::badf) << number;
    EXPECT_EQ(guest.call("fd_renumber", {number, number}), err::badf) << number;
  }
  EXPECT_EQ(guest.call("fd_renumber", {fd, fd}), err::success);
  EXPECT_EQ(start_of(guest, fd), "inside");
}

TEST(SandboxDescriptors, RenumberOntoAPreopenTakesItsGrantAway) {
  World world;
  Guest& guest = world.guest();
  const uint32_t fd = open_file(guest);
  EXPECT_EQ(guest.call("fd_renumber", {fd, World::in}), err::success);
  EXPECT_EQ(guest.call("fd_prestat_get", {World::in, 256}), err::badf);
  EXPECT_NE(guest.try_open(World::in, "file"), err::success);
  EXPECT_EQ(start_of(guest, World::in), "inside");
  // A preopen moved elsewhere is one there.
  EXPECT_EQ(guest.call("fd_renumber", {World::other, World::in}), err::success);
  EXPECT_EQ(guest.call("fd_prestat_get", {World::in, 256}), err::success);
  EXPECT_EQ(guest.call("fd_prestat_get", {World::other, 256}), err::badf);
}

TEST(SandboxDescriptors, TheHostsStreamsStayOpenWhateverTheGuestCloses) {
  World world;
  Guest& guest = world.guest();
  const uint32_t fd = open_file(guest);
  EXPECT_EQ(guest.call("fd_renumber", {fd, 0}), err::success);
  EXPECT_EQ(start_of(guest, 0), "inside");
  for (const uint32_t stream : {0u, 1u, 2u}) {
    EXPECT_EQ(guest.close(stream), err::success);
    EXPECT_EQ(guest.write(stream, "x"), err::badf);
    EXPECT_NE(fcntl(static_cast<int>(stream), F_GETFD), -1) << stream;
  }
  // The numbers are given again, for the guest alone.
  EXPECT_EQ(open_file(guest), 0u);
  EXPECT_EQ(open_file(guest), 1u);
  EXPECT_EQ(start_of(guest, 1), "inside");
}

TEST(SandboxDescriptors, AClosedPreopenIsNotGrantedAgainByItsNumber) {
  World world;
  Guest& guest = world.guest();
  EXPECT_EQ(guest.close(World::in), err::success);
  EXPECT_EQ(guest.try_open(World::in, "file"), err::badf);
  uint32_t fd = 0;
  EXPECT_EQ(guest.open(World::other, ".", {.oflags = directory, .rights = right::path_open}, &fd),
            err::success);
  EXPECT_EQ(fd, World::in);
  EXPECT_EQ(guest.call("fd_prestat_get", {fd, 256}), err::badf);
}

TEST(SandboxDescriptors, OpeningAndClosingForEverLeaksNothing) {
  World world;
  Guest& guest = world.guest();
  const size_t before = platform::open_descriptors();
  const uint64_t count = rounds(50'000);  // a million in the long run
  for (uint64_t round = 0; round < count; ++round) {
    const uint32_t fd = open_file(guest);
    if (round % 2 == 0) {
      ASSERT_EQ(guest.call("fd_renumber", {fd, fd}), err::success);
    }
    ASSERT_EQ(guest.close(fd), err::success);
  }
  EXPECT_EQ(platform::open_descriptors(), before);
}

TEST(SandboxDescriptors, RenumberingForEverLeaksNothing) {
  // CVE-2026-54786: what was replaced stayed open.
  World world;
  Guest& guest = world.guest();
  const uint32_t target = open_file(guest);
  const size_t before = platform::open_descriptors();
  for (uint64_t round = 0; round < rounds(5000); ++round)
    ASSERT_EQ(guest.call("fd_renumber", {open_file(guest), target}), err::success);
  EXPECT_EQ(platform::open_descriptors(), before);
}

TEST(SandboxDescriptors, FailedOpensLeakNothing) {
  World world;
  Guest& guest = world.guest();
  world.scratch().link("dir", "in/link");
  const size_t before = platform::open_descriptors();
  for (const char* path :
       {"missing", "link", "link/../..", "..", "file/", "file/x", "link/missing", "dir/../link/"})
    for (const uint32_t lookup : {0u, follow})
      for (const uint32_t oflags : {0u, directory, excl | creat, trunc})
        (void)guest.try_open(World::in, path,
                             {.lookup = lookup, .oflags = oflags, .rights = right::fd_write});
  EXPECT_EQ(platform::open_descriptors(), before);
}

TEST(SandboxDescriptors, ThoseOfTheHostAreNotTheGuests) {
  World world;
  const platform::Descriptor host(
      ::open("/dev/null", O_RDWR));  // without close-on-exec, as careless hosts do
  ASSERT_TRUE(host);
  for (uint32_t number = World::readonly + 1; number < 200; ++number)
    EXPECT_EQ(world.guest().call("fd_fdstat_get", {number, 256}), err::badf) << number;
}

TEST(SandboxDescriptors, AllAreClosedOnExec) {
  World world;
  uint32_t fd = 0;
  const size_t before = platform::open_descriptors();
  ASSERT_EQ(world.guest().open(World::in, "dir", {.oflags = directory, .rights = right::path_open}, &fd),
            err::success);
  ASSERT_EQ(world.guest().open(World::in, "file", {}, &fd), err::success);
  EXPECT_EQ(platform::open_descriptors(), before + 2);
  const std::string root = world.scratch().root().string();
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (gone || !target.starts_with(root)) continue;
    EXPECT_EQ(fcntl(std::stoi(entry.path().filename().string()), F_GETFD), FD_CLOEXEC) << target;
  }
}

}  // namespace
}  // namespace cloche::sandbox
