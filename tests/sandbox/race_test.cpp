// A guest under attack, or attacking: while it opens, a thread exchanges a directory or a file for a link
// that leads out. Bounded by rounds, not by time.
#include <gtest/gtest.h>

#include "swapper.hpp"
#include "world.hpp"

namespace cloche::sandbox {
namespace {

/// How often a guest was let in and kept out.
struct Tally {
  uint64_t opened = 0, refused = 0;
};

void add_targets(World& world) {
  world.scratch().write("in/dir/secret", "inside");
  world.scratch().write("in/leaf", "inside");
  world.scratch().link("../out", "in/dir-link");
  world.scratch().link("../out/secret", "in/leaf-link");
}

void open_and_read(Guest& guest, const char* path, uint32_t lookup, uint32_t oflags, Tally& tally) {
  uint32_t fd = 0;
  const uint32_t error = guest.open(World::in, path, {lookup, oflags, right::fd_read | right::fd_seek}, &fd);
  tally.refused += error == err::notcapable || error == err::loop;
  if (error != err::success) return;
  ++tally.opened;
  std::string text;
  EXPECT_EQ(guest.read(fd, 16, &text), err::success);
  ASSERT_EQ(text, "inside") << path;
  EXPECT_EQ(guest.close(fd), err::success);
}

TEST(SandboxRace, AGuestThatOpensIsNeverLedOut) {
  World world;
  add_targets(world);
  if (!Swapper::works_in(world.scratch().inside())) GTEST_SKIP() << "names cannot be exchanged here";
  Swapper swapper(world.scratch().inside(), {{"dir", "dir-link"}, {"leaf", "leaf-link"}});
  Tally tally;
  for (uint64_t round = 0; race_goes_on(round, 2000, tally.opened && tally.refused); ++round) {
    open_and_read(world.guest(), "dir/secret", follow, 0, tally);
    open_and_read(world.guest(), "dir/../dir/secret", follow, 0, tally);
    open_and_read(world.guest(), "dir/secret", follow, creat, tally);
    open_and_read(world.guest(), "leaf", follow, 0, tally);
    open_and_read(world.guest(), "leaf", 0, 0, tally);
    if (testing::Test::HasFatalFailure()) break;
  }
  swapper.stop();
  EXPECT_TRUE(tally.opened && tally.refused);
  EXPECT_TRUE(world.scratch().canary_is_untouched());
}

TEST(SandboxRace, AGuestThatChangesThingsChangesNothingOutside) {
  World world;
  add_targets(world);
  Guest& guest = world.guest();
  if (!Swapper::works_in(world.scratch().inside())) GTEST_SKIP() << "names cannot be exchanged here";
  Swapper swapper(world.scratch().inside(), {{"dir", "dir-link"}, {"leaf", "leaf-link"}});
  uint64_t made = 0, refused = 0;
  const auto count = [&](uint32_t error) {
    made += error == err::success;
    refused += error == err::notcapable;
  };
  const Opening create{follow, creat | trunc, right::fd_write};
  for (uint64_t round = 0; race_goes_on(round, 500, made && refused); ++round) {
    count(guest.try_open(World::in, "dir/new", create));
    count(guest.touch(World::in, "dir/new", follow));
    count(guest.on_path("path_create_directory", World::in, "dir/made"));
    count(guest.symlink("x", World::in, "dir/linked"));
    count(guest.link(World::in, 0, "dir/new", World::in, "dir/hard"));
    count(guest.rename(World::in, "dir/new", World::in, "dir/renamed"));
    count(guest.on_path("path_unlink_file", World::in, "dir/renamed"));
    count(guest.on_path("path_unlink_file", World::in, "dir/linked"));
    count(guest.on_path("path_unlink_file", World::in, "dir/hard"));
    count(guest.on_path("path_remove_directory", World::in, "dir/made"));
    count(guest.touch(World::in, "leaf", follow));
  }
  swapper.stop();
  EXPECT_TRUE(made && refused);
  EXPECT_TRUE(world.scratch().canary_is_untouched());
}

}  // namespace
}  // namespace cloche::sandbox
