// The resolver under attack: while it opens, another thread exchanges a directory on the way, or the file
// itself, for a link that leads out. Bounded by rounds, not by time; a round counts whatever comes of it, but
// not before both sides of the exchange were seen.
#include <gtest/gtest.h>

#include "../unit/platform/scratch.hpp"
#include "swapper.hpp"

namespace cloche::sandbox {
namespace {

using platform::Beneath;
using platform::Errno;
using platform::FileTime;
using platform::Follow;
using platform::OpenHow;
using platform::Resolver;
using platform::Scratch;

class BeneathRace : public testing::TestWithParam<Resolver> {
 protected:
  BeneathRace() {
    scratch_.write("in/dir/secret", "inside");
    scratch_.write("in/leaf", "inside");
    scratch_.link("../out", "in/dir-link");
    scratch_.link("../out/secret", "in/leaf-link");
    scratch_.link("dir", "in/via");
  }
  Beneath beneath() const { return Beneath(scratch_.directory(), GetParam()); }

  /// What is read must be the inside's, whichever way a name led.
  void open_and_read(const char* path, const OpenHow& how) {
    const auto opened = beneath().open(path, how);
    if (!opened) {
      refused_ = refused_ + (opened.error().is_outside() || opened.error().number == ELOOP);
      return;
    }
    char text[16] = {};
    ASSERT_GE(::pread(opened->descriptor.get(), text, sizeof text - 1, 0), 0);
    ASSERT_STREQ(text, "inside") << path;
    ++opened_;
  }

  Scratch scratch_;
  uint64_t opened_ = 0, refused_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Resolvers, BeneathRace, testing::Values(Resolver::automatic, Resolver::step_by_step),
                         [](const auto& resolver) {
                           return resolver.param == Resolver::automatic ? "Automatic" : "StepByStep";
                         });

TEST_P(BeneathRace, NothingOutsideIsOpened) {
  if (!Swapper::works_in(scratch_.inside())) GTEST_SKIP() << "names cannot be exchanged here";
  Swapper swapper(scratch_.inside(), {{"dir", "dir-link"}, {"leaf", "leaf-link"}});
  const OpenHow follow{.follow = Follow::yes};
  const OpenHow create{.write = true, .create = true, .follow = Follow::yes};
  for (uint64_t round = 0; race_goes_on(round, 3000, opened_ && refused_); ++round) {
    open_and_read("dir/secret", follow);
    open_and_read("dir/secret", create);
    open_and_read("dir/../dir/secret", follow);
    open_and_read("dir/nested/../secret", follow);
    open_and_read("via/secret", follow);
    open_and_read("via/nested/../../dir/secret", follow);
    open_and_read("leaf", follow);
    open_and_read("leaf", OpenHow{});
    if (HasFatalFailure()) break;
  }
  swapper.stop();
  EXPECT_TRUE(opened_ && refused_);
  EXPECT_TRUE(scratch_.canary_is_untouched());
}

TEST_P(BeneathRace, NothingOutsideIsChanged) {
  if (!Swapper::works_in(scratch_.inside())) GTEST_SKIP() << "names cannot be exchanged here";
  Swapper swapper(scratch_.inside(), {{"dir", "dir-link"}, {"leaf", "leaf-link"}});
  const OpenHow create{.write = true, .create = true, .truncate = true, .follow = Follow::yes};
  const FileTime now{FileTime::Change::now};
  uint64_t made = 0, refused = 0;
  const auto count = [&](const auto& result) {
    made += result.has_value();
    refused += !result && result.error().is_outside();
  };
  for (uint64_t round = 0; race_goes_on(round, 1000, made && refused); ++round) {
    count(beneath().open("dir/new", create));
    count(beneath().set_times("dir/new", Follow::yes, now, now));
    count(beneath().make_directory("dir/made"));
    count(beneath().make_link("x", "dir/linked"));
    count(Beneath::hard_link(beneath(), "dir/new", Follow::no, beneath(), "dir/hard"));
    count(Beneath::rename(beneath(), "dir/new", beneath(), "dir/renamed"));
    count(beneath().unlink("dir/renamed"));
    count(beneath().unlink("dir/linked"));
    count(beneath().unlink("dir/hard"));
    count(beneath().remove_directory("dir/made"));
    count(beneath().unlink("dir/secret"));
    count(beneath().set_times("leaf", Follow::yes, now, now));
  }
  swapper.stop();
  EXPECT_TRUE(made && refused);
  EXPECT_TRUE(scratch_.canary_is_untouched());
}

}  // namespace
}  // namespace cloche::sandbox
