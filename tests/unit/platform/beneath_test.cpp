// Files beneath a directory, by both resolvers: what works, how each operation fails, and that nothing gets
// out.
#include "platform/beneath.hpp"

#include "scratch.hpp"

namespace cloche::platform {
namespace {

constexpr int kOutside = Errno::outside_number;

class BeneathTest : public testing::TestWithParam<Resolver> {
 protected:
  Beneath beneath() const { return Beneath(scratch_.directory(), GetParam()); }
  int open(std::string_view path, const OpenHow& how = {}) const {
    return number_of(beneath().open(path, how));
  }
  int open_followed(std::string_view path) const { return open(path, {.follow = Follow::yes}); }
  int create(std::string_view path, Follow follow = Follow::no) const {
    return open(path, {.write = true, .create = true, .follow = follow});
  }
  void TearDown() override { EXPECT_TRUE(scratch_.canary_is_untouched()); }

  Scratch scratch_;
};

INSTANTIATE_TEST_SUITE_P(Resolvers, BeneathTest, testing::Values(Resolver::automatic, Resolver::step_by_step),
                         [](const auto& resolver) {
                           return resolver.param == Resolver::automatic ? "Automatic" : "StepByStep";
                         });

struct Case {
  std::string path;
  int error;
};

TEST_P(BeneathTest, PathsAreResolvedAsTheSystemDoes) {
  const Case cases[] = {
      {"file", 0},
      {"dir", 0},
      {".", 0},
      {"./", 0},
      {"dir/..", 0},
      {"dir/../", 0},
      {"dir/nested/..", 0},
      {"dir/nested/.", 0},
      {"dir//nested///file", 0},
      {"dir/.//nested/../../dir/nested/../nested///./file", 0},
      {"dir/nested/", 0},
      {"dir/nested///", 0},
      {"dir/nested/file/", ENOTDIR},
      {"dir/nested/file///", ENOTDIR},
      {"dir/nested/file/.", ENOTDIR},
      {"dir/nested/file/..", ENOTDIR},
      {"file/x", ENOTDIR},
      {"missing", ENOENT},
      {"missing/", ENOENT},
      {"missing/..", ENOENT},
      {"", ENOENT},
      {std::string("file\0", 5), EINVAL},
      {std::string("\0", 1), EINVAL},
      {std::string(4096, 'a'), ENAMETOOLONG},
      {std::string(256, 'a'), ENAMETOOLONG},
      {std::string(4091, '/').replace(0, 1, "."), 0},
  };
  for (const Case& one : cases) EXPECT_EQ(open(one.path), one.error) << one.path;
}

TEST_P(BeneathTest, NoPathLeadsOut) {
  const std::string out = scratch_.outside().string();
  scratch_.link("../out/secret", "in/relative");
  scratch_.link(out + "/secret", "in/absolute");
  scratch_.link("/", "in/root");
  scratch_.link("../out", "in/up");
  scratch_.link("relative", "in/chained");
  scratch_.link("dir/../../out/secret", "in/winding");
  scratch_.link("../../out", "in/dir/deep");
  const Case cases[] = {
      {"/", kOutside},
      {"//", kOutside},
      {out + "/secret", kOutside},
      {"..", kOutside},
      {"../", kOutside},
      {"../out/secret", kOutside},
      {"../in/file", kOutside},
      {"dir/../..", kOutside},
      {"dir/../../in/file", kOutside},
      {"dir/nested/../../../out/secret", kOutside},
      {"./../out", kOutside},
      {"relative", kOutside},
      {"absolute", kOutside},
      {"root" + out + "/secret", kOutside},
      {"up/secret", kOutside},
      {"up/", kOutside},
      {"up/.", kOutside},
      {"chained", kOutside},
      {"winding", kOutside},
      {"dir/deep/secret", kOutside},
      {"dir/deep/../in/file", kOutside},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(open_followed(one.path), one.error) << one.path;
    EXPECT_EQ(number_of(beneath().status(one.path, Follow::yes)), one.error) << one.path;
    EXPECT_EQ(number_of(beneath().set_times(one.path, Follow::yes, {FileTime::Change::now}, {})), one.error)
        << one.path;
    EXPECT_EQ(number_of(Beneath::hard_link(beneath(), one.path, Follow::yes, beneath(), "new")), one.error)
        << one.path;
  }
}

TEST_P(BeneathTest, LinksThatStayAreFollowed) {
  scratch_.link("dir/nested", "in/short");
  scratch_.link("../file", "in/dir/back");
  scratch_.link("short/", "in/slashed");
  scratch_.link("nested/../back", "in/dir/two");
  for (const char* path :
       {"short/file", "short/../back", "dir/back", "slashed/file", "dir/two", "short/", "slashed/."})
    EXPECT_EQ(open_followed(path), 0) << path;
  const auto status = beneath().status("dir/two", Follow::yes);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->size_bytes, 6u);
}

TEST_P(BeneathTest, ALastLinkIsNotFollowedUnlessAsked) {
  scratch_.link("dir", "in/link");
  scratch_.link("nothing", "in/dangling");
  EXPECT_EQ(open("link"), ELOOP);
  EXPECT_EQ(open("link", {.directory = true}), ENOTDIR);
  EXPECT_EQ(open("link", {.directory = true, .follow = Follow::yes}), 0);
  EXPECT_EQ(open("dangling"), ELOOP);
  EXPECT_EQ(open_followed("dangling"), ENOENT);
  EXPECT_EQ(beneath().status("link", Follow::no)->kind, FileKind::symlink);
  EXPECT_EQ(beneath().status("link", Follow::yes)->kind, FileKind::directory);
  EXPECT_EQ(beneath().status("link/", Follow::no)->kind, FileKind::directory);
}

TEST_P(BeneathTest, LoopsEnd) {
  scratch_.link("self", "in/self");
  scratch_.link("pong", "in/ping");
  scratch_.link("ping", "in/pong");
  scratch_.link("again/x", "in/again");
  for (const char* path : {"self", "ping", "self/x", "again", "ping/.."})
    EXPECT_EQ(open_followed(path), ELOOP) << path;
  std::filesystem::create_directory(scratch_.inside() / "chain");
  scratch_.link("../file", "in/chain/0");
  for (int i = 1; i <= 40; ++i) scratch_.link(std::to_string(i - 1), "in/chain/" + std::to_string(i));
  EXPECT_EQ(open_followed("chain/39"), 0);
  EXPECT_EQ(open_followed("chain/40"), ELOOP);
}

TEST_P(BeneathTest, MagicLinksAreNotFollowed) {
  const Descriptor proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_TRUE(proc);
  const Beneath beneath_proc(proc.get(), GetParam());
  const OpenHow follow{.follow = Follow::yes};
  EXPECT_EQ(number_of(beneath_proc.open("self/status", follow)), 0);
  for (const char* path : {"self/root", "self/root/etc/passwd", "self/cwd", "self/exe", "self/fd/0",
                           "self/ns/mnt", "self/task/../root/etc", "thread-self/root"})
    EXPECT_NE(number_of(beneath_proc.open(path, follow)), 0) << path;
}

TEST_P(BeneathTest, CreatingStaysBeneath) {
  scratch_.link("../out/new", "in/dangling-out");
  scratch_.link((scratch_.outside() / "new").string(), "in/dangling-absolute");
  scratch_.link("made", "in/dangling-in");
  EXPECT_EQ(create("dangling-out"), ELOOP);
  EXPECT_EQ(create("dangling-out", Follow::yes), kOutside);
  EXPECT_EQ(create("dangling-absolute"), ELOOP);
  EXPECT_EQ(create("dangling-absolute", Follow::yes), kOutside);
  EXPECT_EQ(create("dangling-in"), ELOOP);
  EXPECT_FALSE(scratch_.exists("in/made"));
  EXPECT_EQ(create("dangling-in", Follow::yes), 0);
  EXPECT_TRUE(scratch_.exists("in/made"));
  EXPECT_EQ(open("dangling-out", {.write = true, .create = true, .exclusive = true}), EEXIST);
  EXPECT_EQ(open("dangling-out", {.write = true, .create = true, .exclusive = true, .follow = Follow::yes}),
            EEXIST);
}

TEST_P(BeneathTest, CreatesTruncatesAndExcludes) {
  EXPECT_EQ(create("new"), 0);
  EXPECT_EQ(create("new/"), EISDIR);
  EXPECT_EQ(create("other/"), EISDIR);
  EXPECT_EQ(create("../other/"), kOutside);
  EXPECT_EQ(create("."), EISDIR);
  EXPECT_EQ(create(".."), kOutside);
  EXPECT_EQ(create("dir"), EISDIR);
  EXPECT_EQ(create("missing/new"), ENOENT);
  EXPECT_EQ(create("../out/new"), kOutside);
  EXPECT_EQ(open("new", {.write = true, .create = true, .exclusive = true}), EEXIST);
  EXPECT_EQ(open("newdir", {.create = true, .directory = true}), EINVAL);
  EXPECT_FALSE(scratch_.exists("in/newdir"));
  EXPECT_EQ(open("file", {.write = true, .truncate = true}), 0);
  EXPECT_EQ(scratch_.read("in/file"), "");
}

TEST_P(BeneathTest, OpenSaysWhatItIsAndNeverWaits) {
  ASSERT_EQ(mkfifo((scratch_.inside() / "pipe").c_str(), 0600), 0);
  const auto reading = beneath().open("pipe", {});
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->status.kind, FileKind::fifo);
  EXPECT_EQ(fcntl(reading->descriptor.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(fcntl(reading->descriptor.get(), F_GETFD), FD_CLOEXEC);
  const auto patient = beneath().open("pipe", {.nonblocking = true});
  EXPECT_NE(fcntl(patient->descriptor.get(), F_GETFL) & O_NONBLOCK, 0);
  ASSERT_EQ(mkfifo((scratch_.inside() / "unread").c_str(), 0600), 0);
  EXPECT_EQ(open("unread", {.read = false, .write = true}), ENXIO);
}

TEST_P(BeneathTest, MakesDirectories) {
  EXPECT_EQ(number_of(beneath().make_directory("new")), 0);
  EXPECT_EQ(number_of(beneath().make_directory("slashed///")), 0);
  EXPECT_TRUE(scratch_.exists("in/slashed"));
  scratch_.link("../out/made", "in/dangling");
  const Case cases[] = {{"new", EEXIST},       {"new/", EEXIST},       {".", EEXIST},
                        {"dir/..", EEXIST},    {"dangling", EEXIST},   {"dangling/", EEXIST},
                        {"..", kOutside},      {"../out/x", kOutside}, {"/x", kOutside},
                        {"missing/x", ENOENT}, {"file/x", ENOTDIR},    {"", ENOENT}};
  for (const Case& one : cases)
    EXPECT_EQ(number_of(beneath().make_directory(one.path)), one.error) << one.path;
}

TEST_P(BeneathTest, LinksAreMadeAndRead) {
  EXPECT_EQ(number_of(beneath().make_link("../out/secret", "link")), 0);
  EXPECT_EQ(*beneath().read_link("link"), "../out/secret");
  EXPECT_EQ(number_of(beneath().make_link("/etc/passwd", "absolute")), kOutside);
  EXPECT_EQ(number_of(beneath().make_link("", "empty")), ENOENT);
  EXPECT_EQ(number_of(beneath().make_link("source", "target/")), ENOENT);
  EXPECT_EQ(number_of(beneath().make_link("source", "dir/")), EEXIST);
  EXPECT_EQ(number_of(beneath().make_link("source", "dir")), EEXIST);
  EXPECT_EQ(number_of(beneath().make_link("source", "file/")), ENOTDIR);
  EXPECT_EQ(number_of(beneath().make_link("source", "file")), EEXIST);
  EXPECT_EQ(number_of(beneath().make_link("source", "../out/link")), kOutside);
  EXPECT_EQ(number_of(beneath().make_link("source", "link/x")), kOutside);
  EXPECT_EQ(number_of(beneath().read_link("file")), EINVAL);
  EXPECT_EQ(number_of(beneath().read_link(".")), EINVAL);
  EXPECT_EQ(number_of(beneath().read_link("dir/")), EINVAL);
  EXPECT_EQ(number_of(beneath().read_link("link/")), kOutside);
  EXPECT_EQ(number_of(beneath().read_link("missing")), ENOENT);
}

TEST_P(BeneathTest, HardLinksAreOfTheEntryItself) {
  scratch_.link("../out/secret", "in/out-link");
  scratch_.link("file", "in/in-link");
  const auto link = [&](std::string_view from, std::string_view to, Follow follow = Follow::no) {
    return number_of(Beneath::hard_link(beneath(), from, follow, beneath(), to));
  };
  EXPECT_EQ(link("file", "hard"), 0);
  EXPECT_EQ(beneath().status("hard", Follow::no)->links, 2u);
  EXPECT_EQ(link("out-link", "same-link"), 0);
  EXPECT_EQ(*beneath().read_link("same-link"), "../out/secret");
  EXPECT_EQ(link("out-link", "stolen", Follow::yes), kOutside);
  EXPECT_EQ(link("in-link", "followed", Follow::yes), 0);
  EXPECT_EQ(beneath().status("followed", Follow::no)->kind, FileKind::regular);
  EXPECT_EQ(link("file", "hard"), EEXIST);
  EXPECT_EQ(link("file", "dir"), EEXIST);
  EXPECT_EQ(link("dir", "dir2"), EPERM);
  EXPECT_EQ(link("file", "new/"), ENOENT);
  EXPECT_EQ(link("file/", "new"), ENOTDIR);
  EXPECT_EQ(link("out-link/", "new"), ENOTDIR);
  EXPECT_EQ(link("file", "../out/new"), kOutside);
  EXPECT_EQ(link("../out/secret", "new"), kOutside);
  EXPECT_EQ(link("file", "out-link"), EEXIST);
}

TEST_P(BeneathTest, RenamesWhatIsNamed) {
  scratch_.link("../out/dir", "in/out-link");
  const auto rename = [&](std::string_view from, std::string_view to) {
    return number_of(Beneath::rename(beneath(), from, beneath(), to));
  };
  const Case cases[] = {{"dir|moved", 0},
                        {"moved/|dir", 0},
                        {"dir|moved/", 0},
                        {"moved/|dir///", 0},
                        {"file/|x", ENOTDIR},
                        {"file|x/", ENOTDIR},
                        {"out-link/|x", ENOTDIR},
                        {"missing|x", ENOENT},
                        {"missing/|x", ENOENT},
                        {"file|dir", EISDIR},
                        {"dir|file", ENOTDIR},
                        {".|x", EBUSY},
                        {"file|.", EBUSY},
                        {"file|dir/..", EBUSY},
                        {"file|..", kOutside},
                        {"..|x", kOutside},
                        {"file|../out/x", kOutside},
                        {"../out/secret|x", kOutside},
                        {"file|out-link/x", kOutside},
                        {"out-link/secret|x", kOutside},
                        {"dir|out-link/", ENOTDIR},
                        {"out-link|renamed", 0},
                        {"file|renamed", 0}};
  for (const Case& one : cases) {
    const size_t bar = one.path.find('|');
    EXPECT_EQ(rename(one.path.substr(0, bar), one.path.substr(bar + 1)), one.error) << one.path;
  }
  EXPECT_EQ(scratch_.read("in/renamed"), "inside");
}

TEST_P(BeneathTest, RemovesNames) {
  scratch_.link("../out/secret", "in/out-file");
  scratch_.link("../out/dir", "in/out-dir");
  const Case files[] = {{"out-file/", ENOTDIR},
                        {"out-dir/", ENOTDIR},
                        {"out-dir/secret", kOutside},
                        {"dir", EISDIR},
                        {"dir/", EISDIR},
                        {".", EISDIR},
                        {"file/", ENOTDIR},
                        {"missing", ENOENT},
                        {"missing/", ENOENT},
                        {"..", kOutside},
                        {"../out/secret", kOutside},
                        {"out-file", 0},
                        {"file", 0}};
  for (const Case& one : files) EXPECT_EQ(number_of(beneath().unlink(one.path)), one.error) << one.path;
  scratch_.write("in/plain", "");
  const Case directories[] = {{"out-dir", ENOTDIR},     {"out-dir/", ENOTDIR},        {"out-dir/.", kOutside},
                              {"plain", ENOTDIR},       {"plain/", ENOTDIR},          {".", EINVAL},
                              {"dir/.", EINVAL},        {"dir/nested/..", ENOTEMPTY}, {"..", kOutside},
                              {"../out/dir", kOutside}, {"dir", ENOTEMPTY},           {"missing", ENOENT}};
  for (const Case& one : directories)
    EXPECT_EQ(number_of(beneath().remove_directory(one.path)), one.error) << one.path;
  EXPECT_EQ(number_of(beneath().unlink("dir/nested/file")), 0);
  EXPECT_EQ(number_of(beneath().remove_directory("dir/nested//")), 0);
  EXPECT_EQ(number_of(beneath().unlink("out-dir")), 0);
}

TEST_P(BeneathTest, SetsTimesOfAFileOrOfALink) {
  scratch_.link("file", "in/link");
  const FileTime keep{}, early{FileTime::Change::set, 1'500'000'000}, now{FileTime::Change::now};
  ASSERT_EQ(number_of(beneath().set_times("file", Follow::no, keep, early)), 0);
  EXPECT_EQ(beneath().status("file", Follow::no)->modified_ns, 1'500'000'000);
  EXPECT_NE(beneath().status("file", Follow::no)->accessed_ns, 1'500'000'000);
  ASSERT_EQ(number_of(beneath().set_times("link", Follow::no, early, {FileTime::Change::set, 7})), 0);
  EXPECT_EQ(beneath().status("link", Follow::no)->modified_ns, 7);
  EXPECT_EQ(beneath().status("file", Follow::no)->modified_ns, 1'500'000'000);
  ASSERT_EQ(number_of(beneath().set_times("link", Follow::yes, keep, now)), 0);
  EXPECT_GT(beneath().status("file", Follow::no)->modified_ns, 1'500'000'000);
  EXPECT_EQ(number_of(beneath().set_times("file/", Follow::no, keep, now)), ENOTDIR);
}

TEST_P(BeneathTest, DeepPathsClimbBackToWhereTheyCameFrom) {
  std::string down, path;
  for (int i = 0; i < 120; ++i) {
    down += "d/";
    ASSERT_EQ(number_of(beneath().make_directory(down)), 0) << i;
  }
  for (int i = 0; i < 120; ++i) path += "../";
  EXPECT_EQ(open_followed(down + path + "file"), 0);
  EXPECT_EQ(open_followed(down + path + "../in/file"), kOutside);
  path.resize(100 * 3);
  EXPECT_EQ(open_followed(down + path + "d/d/../../d"), 0);
}

TEST_P(BeneathTest, NothingStaysOpen) {
  scratch_.link("dir/nested", "in/link");
  const size_t before = open_descriptors();
  for (const char* path :
       {"link/file", "link/../..", "..", "dir/nested/file", "missing/x", "dir/../link/file/"}) {
    (void)open_followed(path);
    (void)number_of(beneath().status(path, Follow::yes));
    (void)number_of(beneath().unlink(path));
    (void)number_of(Beneath::rename(beneath(), path, beneath(), path));
    (void)number_of(Beneath::hard_link(beneath(), path, Follow::yes, beneath(), path));
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_P(BeneathTest, TheDirectoryMustBeOne) {
  const auto file = beneath().open("file", {});
  ASSERT_TRUE(file);
  const Beneath wrong(file->descriptor.get(), GetParam());
  EXPECT_EQ(number_of(wrong.open("x", {})), ENOTDIR);
  EXPECT_EQ(number_of(wrong.make_directory("x")), ENOTDIR);
  EXPECT_EQ(number_of(Beneath(-1, GetParam()).open("x", {})), EBADF);
}

TEST(HostDirectory, IsOpenedByItsOrdinaryPath) {
  EXPECT_TRUE(open_host_directory("/"));
  EXPECT_EQ(number_of(open_host_directory("/nonexistent")), ENOENT);
  EXPECT_EQ(number_of(open_host_directory("/dev/null")), ENOTDIR);
}

}  // namespace
}  // namespace cloche::platform
