// The escape corpus: every way we know to name something outside, by every call that takes a path. Each is
// refused with the right errno, and what lies outside stays as it was.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "path_calls.hpp"
#include "world.hpp"

namespace cloche::sandbox {
namespace {

/// Links of every kind, beside in/file and in/dir/nested/file.
void add_links(World& world) {
  Scratch& scratch = world.scratch();
  scratch.link("../out", "in/up");
  scratch.link(world.out(), "in/absolute");
  scratch.link("/", "in/root");
  scratch.link("up", "in/chained");
  scratch.link("dir/../../out", "in/winding");
  scratch.link("../../out", "in/dir/up");
  scratch.link("dir", "in/inner");
  scratch.link("../out/secret", "in/secret");
  scratch.link(world.out() + "/secret", "in/secret-absolute");
  scratch.link("secret", "in/secret-chained");
  scratch.link("../out/new", "in/dangling");
  scratch.link(world.out() + "/new", "in/dangling-absolute");
  scratch.link("dangling", "in/dangling-chained");
  scratch.link("self", "in/self");
  scratch.link("pong", "in/ping");
  scratch.link("ping", "in/pong");
}

/// A world with links, the same as long as calls fail and anew after one that changed it.
class LinkedWorld {
 public:
  uint32_t make(const PathCall& call, std::string_view path) {
    if (!world_) add_links(world_.emplace());
    const uint32_t error = call.make(world_->guest(), path);
    EXPECT_TRUE(world_->scratch().canary_is_untouched()) << call.name << ' ' << path;
    if (error == err::success) world_.reset();
    return error;
  }

 private:
  std::optional<World> world_;
};

TEST(SandboxEscape, PathsThatLeadOutAreRefusedByEveryCall) {
  World world;
  add_links(world);
  const std::string out = world.out();
  // Only what is in the scratch tree is named, also by absolute paths: a test that fails must do no harm.
  const std::string paths[] = {
      "/",
      "//",
      out + "/dir/secret",
      out,
      out + "/secret",
      out + "/new",
      "//" + out.substr(1) + "/secret",
      "..",
      "../",
      "..//",
      "../.",
      "./..",
      "../in",
      "../in/file",
      "../out/secret",
      "../out/new",
      "../out/dir/",
      "dir/../..",
      "dir/../../",
      "dir/../../out/secret",
      "dir/nested/../../../out/secret",
      "dir/./..//../out/new",
      "inner/../..",
      "inner/nested/../../../out/new",
      "up/secret",
      "up/new",
      "up/dir/secret",
      "up/.",
      "up/..",
      "up/../in/file",
      "up//secret",
      "up/dir/",
      "absolute/secret",
      "absolute/new",
      "absolute/..",
      "root" + out + "/secret",
      "root" + out + "/new",
      "chained/secret",
      "chained/new",
      "winding/secret",
      "winding/new",
      "dir/up/secret",
      "dir/up/new",
      "inner/up/secret",
      "inner/up/new",
  };
  for (const std::string& path : paths) {
    for (const PathCall& call : path_calls)
      EXPECT_EQ(call.make(world.guest(), path), err::notcapable) << call.name << ' ' << path;
    EXPECT_TRUE(world.scratch().canary_is_untouched()) << path;
  }
  EXPECT_EQ(world.scratch().read("in/file"), "inside");
}

/// What a call says to a last name that is a link leading out.
uint32_t expected_for_link(const PathCall& call, std::string_view link) {
  const std::string_view name = call.name;
  if (call.last == Last::follows) return err::notcapable;
  if (name == "open, directory") return err::notdir;
  if (name.starts_with("open") && call.last == Last::itself) return err::loop;
  if (name == "remove directory") return err::notdir;
  if (call.last == Last::itself) return err::success;
  if (name == "rename to") return err::success;  // in place of the link
  if (name == "rename directory to")
    return link.starts_with("dir/") ? err::inval : err::notdir;  // into itself
  return err::exist;
}

TEST(SandboxEscape, ALastLinkThatLeadsOutIsRefusedOrTakenForItself) {
  LinkedWorld world;
  for (const char* link :
       {"up", "absolute", "root", "chained", "winding", "dir/up", "secret", "secret-absolute",
        "secret-chained", "dangling", "dangling-absolute", "dangling-chained"}) {
    for (const PathCall& call : path_calls) {
      EXPECT_EQ(world.make(call, link), expected_for_link(call, link)) << call.name << ' ' << link;
    }
  }
}

TEST(SandboxEscape, ASlashBehindALinkLeadsNoFurther) {
  // GHSA-vqjp-4c8c-hfgg, GHSA-m9f7-9w4p-gv38: the system's calls follow a last link when a slash stands
  // behind it.
  LinkedWorld world;
  for (const char* path : {"up/", "up//", "absolute/", "root/", "chained/", "winding/", "dir/../up/"}) {
    for (const PathCall& call : path_calls) {
      const uint32_t error = world.make(call, path);
      const std::string_view name = call.name;
      const bool creates = name.find("create") != std::string_view::npos;
      const bool looks = name.starts_with("open") || name.starts_with("stat") || name.starts_with("set") ||
                         name == "read link";
      const uint32_t expected = creates                    ? err::isdir
                                : looks                    ? err::notcapable
                                : name == "make directory" ? err::exist
                                                           : err::notdir;
      EXPECT_EQ(error, expected) << call.name << ' ' << path;
    }
  }
}

TEST(SandboxEscape, LoopsAreRefused) {
  LinkedWorld world;
  for (const char* path : {"self", "ping", "self/x", "ping/x", "self/..", "ping/../file"}) {
    for (const PathCall& call : path_calls) {
      const bool goes_through = std::string_view(path).find('/') != std::string_view::npos;
      if (!goes_through && call.last != Last::follows) continue;
      EXPECT_EQ(world.make(call, path), err::loop) << call.name << ' ' << path;
    }
  }
}

TEST(SandboxEscape, PathsThatAreNoneAreRefusedByEveryCall) {
  World world;
  struct Case {
    std::string path;
    uint32_t error;
  };
  const Case cases[] = {
      {"", err::noent},
      {std::string("file\0", 5), err::inval},
      {std::string("\0", 1), err::inval},
      {std::string("dir\0/../../out/secret", 21), err::inval},
      {std::string(4096, 'a'), err::nametoolong},
      {std::string(100'000, '/').replace(0, 1, "."), err::nametoolong},
      {std::string(256, 'a'), err::nametoolong},
      {std::string(256, 'a') + "/x", err::nametoolong},
  };
  for (const Case& one : cases)
    for (const PathCall& call : path_calls)
      EXPECT_EQ(call.make(world.guest(), one.path), one.error) << call.name << ' ' << one.path.substr(0, 30);
  EXPECT_TRUE(world.scratch().canary_is_untouched());
  EXPECT_EQ(world.scratch().read("in/file"), "inside");
}

TEST(SandboxEscape, PathsOutsideOfMemoryAreFaults) {
  World world;
  Guest& guest = world.guest();
  const uint64_t size = guest.memory_size();
  const struct {
    uint64_t at, size;
  } places[] = {{size, 1},       {size - 3, 4}, {0, size + 1}, {0xffffffff, 1}, {0xffffffff, 0xffffffff},
                {16, 0xfffffff0}};
  for (const auto& place : places) {
    EXPECT_EQ(guest.call("path_open", {3, 0, place.at, place.size, 0, 0, 0, 0, 0}), err::fault) << place.at;
    EXPECT_EQ(guest.call("path_unlink_file", {3, place.at, place.size}), err::fault);
    EXPECT_EQ(guest.call("path_create_directory", {3, place.at, place.size}), err::fault);
    EXPECT_EQ(guest.call("path_rename", {3, guest.put("file"), 4, 3, place.at, place.size}), err::fault);
    guest.forget();
    EXPECT_EQ(guest.call("path_symlink", {place.at, place.size, 3, guest.put("new"), 3}), err::fault);
    guest.forget();
  }
}

TEST(SandboxEscape, MagicLinksOfProcAreRefused) {
  Wasi wasi = make_wasi();
  ASSERT_TRUE(wasi.dir("/proc", "/proc", DirAccess::read_write));
  Guest guest(wasi);
  EXPECT_EQ(guest.try_open(3, "self/status", {.lookup = follow}), err::success);
  for (const char* path : {"self/root", "self/root/", "self/root/etc/passwd", "self/cwd", "self/cwd/",
                           "self/exe", "self/fd/0", "self/fd/3", "self/fd/3/", "self/ns/mnt",
                           "thread-self/root/etc", "self/task/../root/etc/passwd", "self/fd/3/.."}) {
    for (const uint32_t lookup : {0u, follow}) {
      EXPECT_NE(guest.try_open(3, path, {.lookup = lookup}), err::success) << path;
      EXPECT_NE(guest.try_open(3, path, {.lookup = lookup, .oflags = directory, .rights = right::fd_readdir}),
                err::success)
          << path;
    }
    EXPECT_NE(guest.stat(3, path, follow), err::success) << path;
  }
}

TEST(SandboxEscape, LinksWithAbsoluteTargetsAreNotMade) {
  World world;
  EXPECT_EQ(world.guest().symlink("/etc/passwd", World::in, "link"), err::notcapable);
  EXPECT_EQ(world.guest().symlink("//etc", World::in, "link"), err::notcapable);
  EXPECT_FALSE(world.scratch().exists("in/link"));
  // A relative one that leads out can be made, since where it leads is decided when it is followed; it never
  // is.
  EXPECT_EQ(world.guest().symlink("../out/secret", World::in, "link"), err::success);
  EXPECT_EQ(world.guest().try_open(World::in, "link", {.lookup = follow}), err::notcapable);
  std::string target;
  EXPECT_EQ(world.guest().readlink(World::in, "link", &target), err::success);
  EXPECT_EQ(target, "../out/secret");
}

TEST(SandboxEscape, ADirectoryOpenedByTheGuestIsABoundaryToo) {
  World world;
  uint32_t dir = 0;
  ASSERT_EQ(
      world.guest().open(World::in, "dir", {.oflags = directory, .rights = right::of_directories}, &dir),
      err::success);
  EXPECT_EQ(world.guest().try_open(dir, "nested/file"), err::success);
  EXPECT_EQ(world.guest().try_open(dir, "../file"), err::notcapable);
  EXPECT_EQ(world.guest().try_open(dir, "nested/../../file"), err::notcapable);
  // Moved while it is open, it does not reach what it lies in then.
  ASSERT_EQ(world.guest().rename(World::in, "dir", World::other, "moved"), err::success);
  EXPECT_EQ(world.guest().try_open(dir, "nested/file"), err::success);
  EXPECT_EQ(world.guest().try_open(dir, ".."), err::notcapable);
}

TEST(SandboxEscape, CreatingThroughADanglingLinkStaysInside) {
  // CVE-2024-38358, CVE-2025-43853: a link that leads out, followed by an open that creates.
  World world;
  add_links(world);
  for (const char* path : {"dangling", "dangling-absolute", "dangling-chained"})
    for (const uint32_t oflags : {creat, creat | trunc, creat | excl})
      for (const uint32_t lookup : {0u, follow})
        EXPECT_NE(world.guest().try_open(World::in, path,
                                         {.lookup = lookup, .oflags = oflags, .rights = right::fd_write}),
                  err::success)
            << path;
  EXPECT_TRUE(world.scratch().canary_is_untouched());
  EXPECT_FALSE(world.scratch().exists("out/new"));
}

TEST(SandboxEscape, WithoutAGrantNothingIsThere) {
  // CVE-2023-51661: no directory given, and the whole file system was open.
  Wasi wasi = make_wasi();
  Guest guest(wasi);
  for (uint32_t fd = 0; fd < 64; ++fd) {
    EXPECT_NE(guest.try_open(fd, "etc/passwd"), err::success) << fd;
    EXPECT_NE(guest.try_open(fd, "/etc/passwd"), err::success) << fd;
    EXPECT_NE(guest.try_open(fd, "."), err::success) << fd;
    if (fd >= first_preopen) {
      EXPECT_EQ(guest.call("fd_prestat_get", {fd, guest.reserve(8)}), err::badf) << fd;
    }
    guest.forget();
  }
  EXPECT_NE(guest.try_open(0xffffff9c, "etc/passwd"), err::success);  // AT_FDCWD
}

}  // namespace
}  // namespace cloche::sandbox
