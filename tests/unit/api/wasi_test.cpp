// Wasi: what is granted arrives, what is not does not, and programs end as they ask to.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

/// A folder of its own, gone with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cloche-wasi-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = "") const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};

/// A module with the functions of preview 1 that the tests call, a memory, and `body`.
std::string guest(std::string_view body, std::string_view imports = "") {
  return "(module " + std::string(imports) + R"(
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (import "wasi_snapshot_preview1" "proc_raise" (func $proc_raise (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open"
      (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func $write (param $fd i32) (param $at i32) (param $size i32) (result i32)
      (i32.store (i32.const 8) (local.get $at))
      (i32.store (i32.const 12) (local.get $size))
      (call $fd_write (local.get $fd) (i32.const 8) (i32.const 1) (i32.const 16)))
    )" + std::string(body) +
         ")";
}

/// A program in a world of its own.
struct Program {
  explicit Program(std::string_view body, bool is_whole_module = false)
      : text(is_whole_module ? std::string(body) : guest(body)) {}

  Instance instantiate() {
    EXPECT_TRUE(wasi.add_to(world.linker));
    const Module module = world.module(text);
    EXPECT_TRUE(wasi.add_memories_to(world.linker, module));
    return world.instance(text);
  }
  /// The exit status, or the error's message.
  std::string run() {
    const auto status = wasi.run(instantiate());
    return status ? std::to_string(*status) : status.error().message();
  }

  std::string text;
  World world;
  Wasi wasi;
};

TEST(Wasi, ReturningIsStatus0) { EXPECT_EQ(Program(R"((func (export "_start")))").run(), "0"); }

TEST(Wasi, ExitingGivesTheStatus) {
  EXPECT_EQ(Program(R"((func (export "_start") (call $proc_exit (i32.const 33)) (unreachable)))").run(),
            "33");
  EXPECT_EQ(Program(R"((func (export "_start") (call $proc_exit (i32.const -1)) (unreachable)))").run(),
            "4294967295");
}

TEST(Wasi, NoGuestCatchesTheExit) {
  EXPECT_EQ(Program(R"((func (export "_start")
      (block $caught (try_table (catch_all $caught) (call $proc_exit (i32.const 5))))
      (call $proc_exit (i32.const 6))))")
                .run(),
            "5");
}

TEST(Wasi, ATrapIsATrap) {
  Program program(R"((func (export "_start") (unreachable)))");
  const auto status = program.wasi.run(program.instantiate());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind(), ErrorKind::trap);
  ASSERT_NE(status.error().trap(), nullptr);
  EXPECT_EQ(status.error().trap()->trace.size(), 1u);
}

TEST(Wasi, AnExitInAnyCallIsAnErrorOfItsOwn) {
  Program program(R"((func (export "f") (call $proc_exit (i32.const 7))))");
  const auto result = program.instantiate().func("f")->call({});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::exit);
  EXPECT_EQ(result.error().exit_status(), 7u);
  EXPECT_EQ(result.error().trap(), nullptr);
}

TEST(Wasi, AHostFunctionPassesAnExitOn) {
  World world;
  const Instance inner = [&] {
    EXPECT_TRUE(
        world.linker.func("env", "exit", []() -> Result<void> { return Unexpected{Error::exit(9)}; }));
    return world.instance(R"((module (import "env" "exit" (func $exit)) (func (export "f") (call $exit))))");
  }();
  const auto call_inner = [&inner]() -> Result<void> {
    if (auto called = inner.func("f")->call({}); !called) return Unexpected{called.error()};
    return {};
  };
  ASSERT_TRUE(world.linker.func("env", "call_inner", call_inner));
  const Instance outer =
      world.instance(R"((module (import "env" "call_inner" (func $f)) (func (export "g") (call $f))))");
  const auto result = outer.func("g")->call({});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::exit);
  EXPECT_EQ(result.error().exit_status(), 9u);
}

TEST(Wasi, SignalsEndTheProgramAsAShellReportsIt) {
  const auto raised = [](int signal) {
    return Program(R"((func (export "_start")
        (call $proc_exit (call $proc_raise (i32.const )" +
                   std::to_string(signal) + "))))")
        .run();
  };
  EXPECT_EQ(raised(0), "0");
  EXPECT_EQ(raised(6), "134");
  EXPECT_EQ(raised(9), "137");
  EXPECT_EQ(raised(16), "0") << "chld";
  EXPECT_EQ(raised(18), "58") << "stop is not supported";
  EXPECT_EQ(raised(31), "28") << "no such signal";
}

/// Calls args or environ, writes the block of strings to the standard output, and exits with their number.
std::string strings_program(const std::string& what) {
  return R"((func (export "_start")
    (drop (call $)" +
         what + R"(_sizes_get (i32.const 0) (i32.const 4)))
    (drop (call $)" +
         what + R"(_get (i32.const 100) (i32.const 1000)))
    (drop (call $write (i32.const 1) (i32.const 1000) (i32.load (i32.const 4))))
    (call $proc_exit (i32.load (i32.const 0)))))";
}

TEST(Wasi, NothingIsInherited) {
  ASSERT_EQ(setenv("CLOCHE_TEST_SECRET", "1", 1), 0);
  EXPECT_EQ(Program(strings_program("args")).run(), "0");
  EXPECT_EQ(Program(strings_program("environ")).run(), "0");
  // No stream, no directory: badf, and for a stream that was not granted notcapable.
  EXPECT_EQ(Program(R"((func (export "_start")
      (call $proc_exit (call $fd_prestat_get (i32.const 3) (i32.const 0)))))")
                .run(),
            "8");
  EXPECT_EQ(Program(R"((func (export "_start")
      (call $proc_exit (call $write (i32.const 1) (i32.const 0) (i32.const 1)))))")
                .run(),
            "76");
}

TEST(Wasi, ArgumentsAndEnvironmentArrive) {
  const Folder folder;
  Program args(strings_program("args"));
  ASSERT_TRUE(args.wasi.args({"name", "", "two words"}));
  ASSERT_TRUE(args.wasi.stdout_file(folder.path("out")));
  EXPECT_EQ(args.run(), "3");
  EXPECT_EQ(folder.read("out"), std::string("name\0\0two words\0", 16));

  Program env(strings_program("environ"));
  ASSERT_TRUE(env.wasi.env("A", "1"));
  ASSERT_TRUE(env.wasi.env("B", "x=y"));
  ASSERT_TRUE(env.wasi.env("A", "2"));
  ASSERT_TRUE(env.wasi.stdout_file(folder.path("out")));
  EXPECT_EQ(env.run(), "2");
  EXPECT_EQ(folder.read("out"), std::string("B=x=y\0A=2\0", 10));
}

TEST(Wasi, RefusesWhatCannotBeGranted) {
  Wasi wasi;
  EXPECT_THAT(wasi.args({std::string("a\0b", 3)}), FailsWith(ErrorKind::usage, "NUL"));
  EXPECT_THAT(wasi.args({std::string(size_t{17} << 20, 'x')}), FailsWith(ErrorKind::limit, "longer than"));
  EXPECT_THAT(wasi.env("", "x"), FailsWith(ErrorKind::usage, "no name"));
  EXPECT_THAT(wasi.env("A=B", "x"), FailsWith(ErrorKind::usage, "no name"));
  EXPECT_THAT(wasi.env("A", std::string("\0", 1)), FailsWith(ErrorKind::usage, "NUL"));
  EXPECT_THAT(wasi.dir("/nowhere/at/all", "/"), FailsWith(ErrorKind::io, "No such file"));
  EXPECT_THAT(wasi.dir("/dev/null", "/"), FailsWith(ErrorKind::io, "Not a directory"));
  EXPECT_THAT(wasi.dir("/", ""), FailsWith(ErrorKind::usage, "no name"));
  EXPECT_THAT(wasi.stdin_file("/nowhere/at/all"), FailsWith(ErrorKind::io, "No such file"));
  EXPECT_THAT(wasi.listen("localhost", 0), FailsWith(ErrorKind::io, "cannot listen"));
  World world;
  ASSERT_TRUE(wasi.add_to(world.linker));
  EXPECT_THAT(wasi.dir("/", "/"), FailsWith(ErrorKind::usage, "before Wasi::add_to"));
  EXPECT_THAT(wasi.args({"x"}), FailsWith(ErrorKind::usage, "before Wasi::add_to"));
}

TEST(Wasi, RunNeedsAStart) {
  Program without(R"((func (export "f")))");
  EXPECT_THAT(without.wasi.run(without.instantiate()),
              FailsWith(ErrorKind::usage, "exports no function _start"));
  Program with_parameter(R"((func (export "_start") (param i32)))");
  EXPECT_THAT(with_parameter.wasi.run(with_parameter.instantiate()),
              FailsWith(ErrorKind::usage, "_start has parameters"));
}

TEST(Wasi, AReactorIsInitialized) {
  Program program(R"((global $ready (mut i32) (i32.const 0))
    (func (export "_initialize") (global.set $ready (i32.const 1)))
    (func (export "ready") (result i32) (global.get $ready)))");
  const Instance reactor = program.instantiate();
  EXPECT_EQ(test::call(reactor, "ready"), "0");
  ASSERT_TRUE(program.wasi.initialize(reactor));
  EXPECT_EQ(test::call(reactor, "ready"), "1");
}

/// Opens "file" in descriptor 3 with oflags and rights; exits with the errno, or else 100 + the new
/// descriptor.
std::string open_program(int oflags, uint64_t rights) {
  return R"((data (i32.const 64) "file")
    (func (export "_start") (local $errno i32)
      (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 4)
        (i32.const )" +
         std::to_string(oflags) + ") (i64.const " + std::to_string(rights) + R"() (i64.const 0)
        (i32.const 0) (i32.const 20)))
      (if (local.get $errno) (then (call $proc_exit (local.get $errno))))
      (call $proc_exit (i32.add (i32.const 100) (i32.load (i32.const 20))))))";
}

constexpr uint64_t may_read = 1u << 1;
constexpr uint64_t may_write = 1u << 6;
constexpr int creat = 1;
constexpr int trunc = 8;

std::string opened(const Folder& folder, DirAccess access, int oflags, uint64_t rights) {
  Program program(open_program(oflags, rights));
  EXPECT_TRUE(program.wasi.dir(folder.path(), "/", access));
  return program.run();
}

TEST(Wasi, DirectoriesAreGranted) {
  const Folder folder;
  EXPECT_EQ(opened(folder, DirAccess::read_write, 0, may_read), "44") << "noent";
  EXPECT_EQ(opened(folder, DirAccess::read_write, creat, may_read | may_write), "104");
  EXPECT_TRUE(std::filesystem::exists(folder.path("file")));
}

TEST(Wasi, ReadOnlyDirectoriesStayAsTheyAre) {
  const Folder folder;
  folder.write("file", "contents");
  EXPECT_EQ(opened(folder, DirAccess::read_only, 0, may_read), "104");
  EXPECT_EQ(opened(folder, DirAccess::read_only, 0, may_read | may_write), "76");
  EXPECT_EQ(opened(folder, DirAccess::read_only, trunc, may_read), "76");
  EXPECT_EQ(opened(folder, DirAccess::read_only, trunc, 0), "76");
  EXPECT_EQ(opened(folder, DirAccess::read_only, creat, may_read), "76");
  EXPECT_EQ(folder.read("file"), "contents");
}

TEST(Wasi, TheHostsNameOfADirectoryIsNotTold) {
  const Folder folder;
  const Folder out;
  Program program(R"((func (export "_start")
      (drop (call $fd_prestat_get (i32.const 3) (i32.const 0)))
      (drop (call $fd_prestat_dir_name (i32.const 3) (i32.const 100) (i32.load (i32.const 4))))
      (drop (call $write (i32.const 1) (i32.const 100) (i32.load (i32.const 4))))))");
  ASSERT_TRUE(program.wasi.dir(folder.path(), "/data"));
  ASSERT_TRUE(program.wasi.stdout_file(out.path("out")));
  EXPECT_EQ(program.run(), "0");
  EXPECT_EQ(out.read("out"), "/data");
}

TEST(Wasi, StreamsAreFilesWhereThatIsAskedFor) {
  const Folder folder;
  folder.write("in", "from a file");
  Program program(R"((func (export "_start")
      (i32.store (i32.const 0) (i32.const 100))
      (i32.store (i32.const 4) (i32.const 64))
      (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 20)))
      (drop (call $write (i32.const 2) (i32.const 100) (i32.load (i32.const 20))))))");
  ASSERT_TRUE(program.wasi.stdin_file(folder.path("in")));
  ASSERT_TRUE(program.wasi.stderr_file(folder.path("err")));
  EXPECT_EQ(program.run(), "0");
  EXPECT_EQ(folder.read("err"), "from a file");
}

TEST(Wasi, SeedsMakeRunsTheSame) {
  const std::string body = R"((func (export "_start")
      (drop (call $random_get (i32.const 100) (i32.const 20)))
      (drop (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 120)))
      (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 128)))
      (drop (call $write (i32.const 1) (i32.const 100) (i32.const 36)))))";
  const Folder folder;
  for (const char* const name : {"one", "two"}) {
    Program program(body);
    program.wasi.deterministic(5);
    ASSERT_TRUE(program.wasi.stdout_file(folder.path(name)));
    EXPECT_EQ(program.run(), "0");
  }
  EXPECT_EQ(folder.read("one").size(), 36u);
  EXPECT_EQ(folder.read("one"), folder.read("two"));
}

TEST(Wasi, VirtualTimePassesWithoutWaiting) {
  // A subscription of an hour, and a second look at the clock: an hour later.
  Program program(R"((func (export "_start")
      (i32.store (i32.const 116) (i32.const 1))
      (i64.store (i32.const 124) (i64.const 3600000000000))
      (if (call $poll_oneoff (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300)) (then (unreachable)))
      (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 400)))
      (call $proc_exit (i64.ge_u (i64.load (i32.const 400)) (i64.const 3600000000000)))))");
  program.wasi.deterministic(1);
  EXPECT_EQ(program.run(), "1");
}

TEST(Wasi, PollsDescriptorsAndReportsEachError) {
  const Folder folder;
  folder.write("in", "12345");
  // Subscriptions: a file to be read, a descriptor that is not open. Exits with 100 * events + the error of
  // the second.
  Program program(R"((func (export "_start")
      (i32.store8 (i32.const 108) (i32.const 1)) (i32.store (i32.const 116) (i32.const 0))
      (i32.store8 (i32.const 156) (i32.const 1)) (i32.store (i32.const 164) (i32.const 99))
      (if (call $poll_oneoff (i32.const 100) (i32.const 300) (i32.const 2) (i32.const 20)) (then (unreachable)))
      (if (i64.ne (i64.load (i32.const 316)) (i64.const 5)) (then (unreachable)))
      (call $proc_exit (i32.add (i32.mul (i32.load (i32.const 20)) (i32.const 100))
                                (i32.load16_u (i32.const 340))))))");
  ASSERT_TRUE(program.wasi.stdin_file(folder.path("in")));
  EXPECT_EQ(program.run(), "208");
}

TEST(Wasi, BoundsWhatTheGuestChooses) {
  const auto status = [](const std::string& call) {
    return Program("(func (export \"_start\") (call $proc_exit " + call + "))").run();
  };
  EXPECT_EQ(status("(call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))"), "28");
  EXPECT_EQ(status("(call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 4097) (i32.const 0))"), "28");
  EXPECT_EQ(status("(call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 0x5555556) (i32.const 0))"),
            "28");
  EXPECT_EQ(status("(call $poll_oneoff (i32.const 0) (i32.const 65000) (i32.const 1000) (i32.const 0))"),
            "21");
  EXPECT_EQ(status("(call $random_get (i32.const 65535) (i32.const 2))"), "21");
  EXPECT_EQ(status("(call $args_sizes_get (i32.const 65533) (i32.const 0))"), "21");
}

TEST(Wasi, DescriptorsAreBounded) {
  const Folder folder;
  folder.write("file", "");
  Program program(R"((data (i32.const 64) "file")
    (func (export "_start") (local $errno i32)
      (loop $again
        (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 20)))
        (br_if $again (i32.eqz (local.get $errno))))
      ;; the last number given, and the errno
      (call $proc_exit (i32.add (i32.mul (i32.load (i32.const 20)) (i32.const 100)) (local.get $errno)))))");
  ASSERT_TRUE(program.wasi.dir(folder.path(), "/"));
  program.wasi.max_descriptors(10);
  EXPECT_EQ(program.run(), "933") << "number 9, mfile";
}

TEST(Wasi, AMemoryIsNeeded) {
  World world;
  Wasi wasi;
  ASSERT_TRUE(wasi.add_to(world.linker));
  const Instance instance = world.instance(R"((module
    (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
    (func (export "yield") (result i32) (call $sched_yield))
    (func (export "random") (result i32) (call $random_get (i32.const 0) (i32.const 1)))))");
  EXPECT_EQ(test::call(instance, "yield"), "0");
  EXPECT_THAT(test::call(instance, "random"), testing::HasSubstr("memory"));
}

/// A module of wasi-threads: `main` and `thread` are bodies of functions.
std::string threaded(const std::string& main, const std::string& thread) {
  return R"((module
    (import "env" "memory" (memory 1 1 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
    (export "memory" (memory 0))
    (func (export "wasi_thread_start") (param $number i32) (param $argument i32) )" +
         thread + R"()
    (func (export "_start") )" +
         main + "))";
}

TEST(Wasi, ThreadsShareTheMemory) {
  // The thread stores its number and its argument and wakes the first.
  Program program(threaded(R"((local $number i32)
      (local.set $number (call $spawn (i32.const 77)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
      (if (i32.ne (i32.atomic.load (i32.const 4)) (local.get $number)) (then (unreachable)))
      (call $proc_exit (i32.atomic.load (i32.const 8))))",
                           R"((i32.atomic.store (i32.const 4) (local.get $number))
      (i32.atomic.store (i32.const 8) (local.get $argument))
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))"),
                  true);
  EXPECT_EQ(program.run(), "77");
}

TEST(Wasi, AnExitInAThreadEndsAllThreads) {
  // The first thread waits for what never happens: in an instruction, in a system call, in a loop.
  for (const std::string wait :
       {"(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))",
        "(drop (call $poll_oneoff (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300)))",
        "(loop $forever (br $forever))"}) {
    Program program(
        threaded("(i64.store (i32.const 124) (i64.const -1)) (drop (call $spawn (i32.const 0))) " + wait +
                     " (unreachable)",
                 "(call $proc_exit (i32.const 12))"),
        true);
    EXPECT_EQ(program.run(), "12") << wait;
  }
}

TEST(Wasi, ATrapInAThreadEndsAllThreads) {
  Program program(
      threaded("(drop (call $spawn (i32.const 0))) (loop $forever (br $forever))", "(unreachable)"), true);
  EXPECT_EQ(program.run(), "unreachable");
}

TEST(Wasi, ReturningFromTheFirstThreadEndsAllThreads) {
  Program program(threaded("(drop (call $spawn (i32.const 0)))", "(loop $forever (br $forever))"), true);
  EXPECT_EQ(program.run(), "0");
}

TEST(Wasi, ThreadsAreBounded) {
  // Spawns until it is refused: with three allowed the third is, with -again.
  Program program(threaded(R"((local $number i32) (local $count i32)
      (loop $again
        (local.set $number (call $spawn (i32.const 0)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br_if $again (i32.gt_s (local.get $number) (i32.const 0))))
      (if (i32.ne (local.get $number) (i32.const -6)) (then (unreachable)))
      (call $proc_exit (local.get $count)))",
                           "(loop $forever (br $forever))"),
                  true);
  program.wasi.max_threads(3);
  EXPECT_EQ(program.run(), "3");
}

TEST(Wasi, AnInterruptedStoreLeavesSystemCalls) {
  // A pipe whose other end is open and silent; the guest says so before it reads.
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const Folder folder;
  const std::string input = "/dev/fd/" + std::to_string(pipe_ends[0]);
  Program program(guest(R"((func (export "_start")
      (call $reading)
      (i32.store (i32.const 0) (i32.const 100))
      (i32.store (i32.const 4) (i32.const 64))
      (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 20)))))",
                        R"((import "env" "reading" (func $reading)))"),
                  true);
  ASSERT_TRUE(program.wasi.stdin_file(input));
  // The flag is up before the call begins, or a signal ends it: both ways lead out.
  ASSERT_TRUE(program.world.linker.func("env", "reading", [&] { program.world.store.interrupt(); }));
  EXPECT_EQ(program.run(), "interrupted");
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(Wasi, KnowsWhoNeedsIt) {
  World world;
  EXPECT_TRUE(Wasi::is_needed_by(world.module(guest(""))));
  EXPECT_FALSE(Wasi::is_needed_by(world.module(R"((module (import "env" "f" (func))))")));
  EXPECT_EQ(Wasi::function_names().size(), 46u);
}

}  // namespace
}  // namespace cloche
