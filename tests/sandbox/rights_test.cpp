// Rights are enforced on every call: a directory granted for reading stays as it is, whichever way a guest
// tries, and a right once given up is gone.
#include <gtest/gtest.h>

#include <functional>

#include "world.hpp"

namespace cloche::sandbox {
namespace {

uint32_t open_or_fail(Guest& guest, uint32_t dir, const char* path, const Opening& how) {
  uint32_t fd = 0;
  EXPECT_EQ(guest.open(dir, path, how, &fd), err::success) << path;
  return fd;
}

/// Everything that would change a directory or what is in it.
void try_to_change(World& world, uint32_t dir) {
  Guest& guest = world.guest();
  constexpr uint32_t no = err::notcapable;
  for (const uint64_t rights : {right::fd_write, right::all, right::fd_read | right::fd_write,
                                right::fd_filestat_set_size, right::fd_read | right::fd_filestat_set_size})
    EXPECT_EQ(guest.try_open(dir, "file", {.rights = rights}), no) << rights;
  for (const uint32_t oflags : {creat, trunc, creat | trunc, creat | excl, creat | excl | trunc})
    for (const uint64_t rights : {uint64_t{0}, right::fd_read, right::fd_write})
      for (const char* path : {"file", "new", "dir/new"})
        EXPECT_EQ(guest.try_open(dir, path, {.oflags = oflags, .rights = rights}), no)
            << path << ' ' << oflags;
  EXPECT_EQ(guest.touch(dir, "file"), no);
  EXPECT_EQ(guest.touch(dir, "."), no);
  EXPECT_EQ(guest.on_path("path_create_directory", dir, "new"), no);
  EXPECT_EQ(guest.on_path("path_remove_directory", dir, "dir"), no);
  EXPECT_EQ(guest.on_path("path_unlink_file", dir, "file"), no);
  EXPECT_EQ(guest.symlink("file", dir, "new"), no);
  EXPECT_EQ(guest.link(dir, 0, "file", dir, "new"), no);
  EXPECT_EQ(guest.link(World::in, 0, "file", dir, "new"), no);
  EXPECT_EQ(guest.rename(dir, "file", dir, "new"), no);
  EXPECT_EQ(guest.rename(World::in, "file", dir, "new"), no);
  EXPECT_EQ(guest.rename(World::in, "file", dir, "file"), no);
  EXPECT_EQ(guest.call("fd_filestat_set_times", {dir, 0, 0, mtim_now}), no);
}

TEST(SandboxRights, AReadOnlyDirectoryStaysAsItIs) {
  World world;
  const auto before = world.scratch().snapshot("readonly");
  try_to_change(world, World::readonly);
  EXPECT_EQ(world.scratch().snapshot("readonly"), before);
  EXPECT_EQ(world.scratch().read("in/file"), "inside");
}

TEST(SandboxRights, SoDoesADirectoryOpenedInAReadOnlyOne) {
  World world;
  world.scratch().write("readonly/dir/new.d", "");
  const auto before = world.scratch().snapshot("readonly");
  // Asking for everything gives what there is to give.
  const uint32_t dir = open_or_fail(world.guest(), World::readonly, "dir",
                                    {.oflags = directory, .rights = right::of_directories});
  try_to_change(world, dir);
  const uint32_t again =
      open_or_fail(world.guest(), dir, ".", {.oflags = directory, .rights = right::path_open});
  try_to_change(world, again);
  EXPECT_EQ(world.scratch().snapshot("readonly"), before);
}

TEST(SandboxRights, AFileOfAReadOnlyDirectoryCannotBeChanged) {
  World world;
  Guest& guest = world.guest();
  const auto before = world.scratch().snapshot("readonly");
  const uint32_t fd =
      open_or_fail(guest, World::readonly, "file", {.rights = right::fd_read | right::fd_seek});
  EXPECT_EQ(guest.write(fd, "x"), err::notcapable);
  EXPECT_EQ(guest.call("fd_pwrite", {fd, 64, 0, 0, 128}), err::notcapable);
  EXPECT_EQ(guest.call("fd_filestat_set_size", {fd, 0}), err::notcapable);
  EXPECT_EQ(guest.call("fd_allocate", {fd, 0, 100}), err::notcapable);
  EXPECT_EQ(guest.call("fd_filestat_set_times", {fd, 0, 0, mtim_now}), err::notcapable);
  EXPECT_EQ(guest.call("fd_fdstat_set_rights", {fd, right::fd_read | right::fd_write, 0}), err::notcapable);
  EXPECT_EQ(guest.write(fd, "x"), err::notcapable);
  EXPECT_EQ(world.scratch().snapshot("readonly"), before);
}

TEST(SandboxRights, TruncatingNeedsTheRightToWrite) {
  // CVE-2026-47261: path_open with TRUNCATE skipped the check.
  World world;
  EXPECT_EQ(world.guest().try_open(World::readonly, "file", {.oflags = trunc, .rights = 0}), err::notcapable);
  EXPECT_EQ(world.guest().try_open(World::readonly, "file", {.oflags = trunc, .rights = right::fd_read}),
            err::notcapable);
  EXPECT_EQ(world.scratch().read("readonly/file"), "read only");
  // The same in a directory that may be written, after the guest gave that right up.
  Guest& guest = world.guest();
  ASSERT_EQ(guest.call("fd_fdstat_get", {World::in, 1024}), err::success);
  const uint64_t kept = guest.u64(1032) & ~right::path_filestat_set_size;
  ASSERT_NE(kept, guest.u64(1032));
  ASSERT_EQ(guest.call("fd_fdstat_set_rights", {World::in, kept, guest.u64(1040)}), err::success);
  for (const uint64_t rights : {right::fd_read, right::fd_write})
    EXPECT_EQ(guest.try_open(World::in, "file", {.oflags = trunc, .rights = rights}), err::notcapable);
  EXPECT_EQ(world.scratch().read("in/file"), "inside");
}

TEST(SandboxRights, NothingLeavesAReadOnlyDirectoryByLinkOrRename) {
  // CVE-2026-58494: linked into a writable directory, a read-only file could be written.
  World world;
  const auto before = world.scratch().snapshot("readonly");
  for (const uint32_t target : {World::in, World::other}) {
    EXPECT_EQ(world.guest().link(World::readonly, 0, "file", target, "stolen"), err::notcapable);
    EXPECT_EQ(world.guest().link(World::readonly, follow, "file", target, "stolen"), err::notcapable);
    EXPECT_EQ(world.guest().link(World::readonly, 0, "dir/file", target, "stolen"), err::notcapable);
    EXPECT_EQ(world.guest().rename(World::readonly, "file", target, "stolen"), err::notcapable);
    EXPECT_EQ(world.guest().rename(World::readonly, "dir", target, "stolen"), err::notcapable);
  }
  EXPECT_FALSE(world.scratch().exists("in/stolen"));
  EXPECT_FALSE(world.scratch().exists("other/stolen"));
  EXPECT_EQ(world.scratch().snapshot("readonly"), before);
}

TEST(SandboxRights, LinksAndRenamesBetweenWritableDirectoriesWork) {
  World world;
  EXPECT_EQ(world.guest().link(World::in, 0, "file", World::other, "linked"), err::success);
  EXPECT_EQ(world.guest().rename(World::in, "file", World::other, "renamed"), err::success);
  EXPECT_EQ(world.guest().rename(World::in, "dir", World::other, "dir"), err::success);
  EXPECT_EQ(world.scratch().read("other/renamed"), "inside");
  EXPECT_EQ(world.scratch().read("other/dir/nested/file"), "nested");
}

/// A right, and a call that needs it and would succeed with it.
struct Need {
  const char* name;
  uint64_t right;
  bool is_directory;
  std::function<uint32_t(Guest&, uint32_t fd)> call;
};

std::vector<Need> needs() {
  constexpr auto bit = [](int number) { return uint64_t{1} << number; };
  const auto io = [](const char* name) {
    return [name](Guest& guest, uint32_t fd) {
      guest.forget();
      const uint32_t vec[] = {guest.put("text"), 4};
      const uint32_t vecs = guest.put({reinterpret_cast<const char*>(vec), sizeof vec});
      return std::string_view(name).starts_with("fd_p") ? guest.call(name, {fd, vecs, 1, 0, guest.reserve(4)})
                                                        : guest.call(name, {fd, vecs, 1, guest.reserve(4)});
    };
  };
  const auto simple = [](const char* name, std::vector<uint64_t> others) {
    return [name, others](Guest& guest, uint32_t fd) {
      std::vector<uint64_t> arguments = {fd};
      arguments.insert(arguments.end(), others.begin(), others.end());
      return guest.call(name, arguments);
    };
  };
  const auto path = [](const char* name, const char* text) {
    return [name, text](Guest& guest, uint32_t fd) { return guest.on_path(name, fd, text); };
  };
  const auto open = [](Opening how, const char* text) {
    return [how, text](Guest& guest, uint32_t fd) { return guest.try_open(fd, text, how); };
  };
  return {
      {"fd_datasync", bit(0), false, simple("fd_datasync", {})},
      {"fd_read", bit(1), false, io("fd_read")},
      {"fd_pread", bit(1), false, io("fd_pread")},
      {"fd_pread", bit(2), false, io("fd_pread")},
      {"fd_seek", bit(2), false, simple("fd_seek", {1, 0, 256})},
      {"fd_fdstat_set_flags", bit(3), false, simple("fd_fdstat_set_flags", {append})},
      {"fd_sync", bit(4), false, simple("fd_sync", {})},
      {"fd_write", bit(6), false, io("fd_write")},
      {"fd_pwrite", bit(6), false, io("fd_pwrite")},
      {"fd_advise", bit(7), false, simple("fd_advise", {0, 0, 0})},
      {"fd_allocate", bit(8), false, simple("fd_allocate", {0, 10})},
      {"path_create_directory", bit(9), true, path("path_create_directory", "new")},
      {"path_open, create", bit(10), true, open({.oflags = creat, .rights = 0}, "new")},
      {"path_link, source", bit(11), true,
       [](Guest& guest, uint32_t fd) { return guest.link(fd, 0, "file", World::in, "linked"); }},
      {"path_link, target", bit(12), true,
       [](Guest& guest, uint32_t fd) { return guest.link(World::in, 0, "file", fd, "linked"); }},
      {"path_open", bit(13), true, open({}, "file")},
      {"fd_readdir", bit(14), true, simple("fd_readdir", {1024, 256, 0, 512})},
      {"path_readlink", bit(15), true, [](Guest& guest, uint32_t fd) { return guest.readlink(fd, "link"); }},
      {"path_rename, source", bit(16), true,
       [](Guest& guest, uint32_t fd) { return guest.rename(fd, "file", World::in, "renamed"); }},
      {"path_rename, target", bit(17), true,
       [](Guest& guest, uint32_t fd) { return guest.rename(World::in, "file", fd, "renamed"); }},
      {"path_filestat_get", bit(18), true, [](Guest& guest, uint32_t fd) { return guest.stat(fd, "file"); }},
      {"path_open, truncate", bit(19), true, open({.oflags = trunc, .rights = right::fd_write}, "file")},
      {"path_filestat_set_times", bit(20), true,
       [](Guest& guest, uint32_t fd) { return guest.touch(fd, "file"); }},
      {"fd_filestat_get", bit(21), false, simple("fd_filestat_get", {512})},
      {"fd_filestat_set_size", bit(22), false, simple("fd_filestat_set_size", {3})},
      {"fd_filestat_set_times", bit(23), false, simple("fd_filestat_set_times", {0, 0, mtim_now})},
      {"path_symlink", bit(24), true,
       [](Guest& guest, uint32_t fd) { return guest.symlink("file", fd, "new"); }},
      {"path_remove_directory", bit(25), true, path("path_remove_directory", "empty")},
      {"path_unlink_file", bit(26), true, path("path_unlink_file", "file")},
  };
}

TEST(SandboxRights, EveryRightIsNeededForItsCall) {
  for (const Need& need : needs()) {
    for (const bool given_up : {false, true}) {
      World world;
      Guest& guest = world.guest();
      world.scratch().link("file", "in/link");
      std::filesystem::create_directory(world.scratch().inside() / "empty");
      uint32_t fd = 0;
      const Opening how{.oflags = need.is_directory ? directory : 0,
                        .rights = need.is_directory ? right::of_directories : right::all,
                        .inheriting = right::all};
      ASSERT_EQ(guest.open(World::in, need.is_directory ? "." : "file", how, &fd), err::success) << need.name;
      if (given_up) {
        const uint32_t stat = 2048;
        ASSERT_EQ(guest.call("fd_fdstat_get", {fd, stat}), err::success);
        ASSERT_EQ(guest.u64(stat + 8) & need.right, need.right) << need.name;
        ASSERT_EQ(
            guest.call("fd_fdstat_set_rights", {fd, guest.u64(stat + 8) & ~need.right, guest.u64(stat + 16)}),
            err::success);
      }
      EXPECT_EQ(need.call(guest, fd), given_up ? err::notcapable : err::success)
          << need.name << ' ' << given_up;
    }
  }
}

TEST(SandboxRights, WhatADirectoryDoesNotPassOnIsNotHad) {
  World world;
  Guest& guest = world.guest();
  uint32_t dir = 0, inner = 0, file = 0;
  ASSERT_EQ(
      guest.open(
          World::in, "dir",
          {.oflags = directory, .rights = right::path_open, .inheriting = right::fd_read | right::path_open},
          &dir),
      err::success);
  EXPECT_EQ(guest.try_open(dir, "nested/file", {.rights = right::fd_write}), err::notcapable);
  EXPECT_EQ(guest.try_open(dir, "nested/file", {.rights = right::fd_read | right::fd_write}),
            err::notcapable);
  EXPECT_EQ(guest.try_open(dir, "new", {.oflags = creat, .rights = 0}), err::notcapable);
  // A directory beneath cannot have more to pass on.
  ASSERT_EQ(guest.open(dir, "nested",
                       {.oflags = directory, .rights = right::path_open, .inheriting = right::all}, &inner),
            err::success);
  EXPECT_EQ(guest.try_open(inner, "file", {.rights = right::fd_write}), err::notcapable);
  ASSERT_EQ(guest.open(inner, "file", {.rights = right::fd_read}, &file), err::success);
  EXPECT_EQ(guest.write(file, "x"), err::notcapable);
  EXPECT_EQ(world.scratch().read("in/dir/nested/file"), "nested");
}

TEST(SandboxRights, RightsAreOnlyGivenUp) {
  World world;
  Guest& guest = world.guest();
  const uint32_t fd = open_or_fail(guest, World::in, "file", {.rights = right::fd_read | right::fd_seek});
  EXPECT_EQ(guest.call("fd_fdstat_set_rights", {fd, right::fd_read, 0}), err::success);
  EXPECT_EQ(guest.call("fd_fdstat_set_rights", {fd, right::fd_read | right::fd_seek, 0}), err::notcapable);
  EXPECT_EQ(guest.call("fd_fdstat_set_rights", {fd, right::fd_read, right::fd_read}), err::notcapable);
  EXPECT_EQ(guest.call("fd_fdstat_set_rights", {fd, ~uint64_t{0}, ~uint64_t{0}}), err::notcapable);
  EXPECT_EQ(guest.call("fd_fdstat_set_rights", {fd, right::fd_read | uint64_t{1} << 63, 0}), err::notcapable);
  EXPECT_EQ(guest.call("fd_seek", {fd, 1, 0, 256}), err::notcapable);
}

}  // namespace
}  // namespace cloche::sandbox
