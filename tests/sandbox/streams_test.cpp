// Reading and writing what is slow, full, or interrupted all the time: nothing is lost, nothing is done
// twice, and a guest is told what happened.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <thread>

#include "world.hpp"

namespace cloche::sandbox {
namespace {

std::atomic<uint64_t> interruptions = 0;

/// Interrupts this process a thousand times a second. System calls are not restarted.
class Storm {
 public:
  Storm() {
    struct sigaction action = {};
    action.sa_handler = [](int) { interruptions.fetch_add(1, std::memory_order_relaxed); };
    sigaction(SIGALRM, &action, &before_);
    set(1000);
  }
  ~Storm() {
    set(0);
    sigaction(SIGALRM, &before_, nullptr);
  }

 private:
  static void set(int microseconds) {
    const itimerval timer = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &timer, nullptr);
  }
  struct sigaction before_ = {};
};

/// Blocks the storm's signal in the calling thread, so that it meets the guest's.
void take_shelter() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

/// A pipe in in/, whose other end the test holds.
class Pipe {
 public:
  explicit Pipe(World& world) : path_((world.scratch().inside() / "pipe").string()) {
    EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0);
    ours_ = platform::Descriptor(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_TRUE(ours_);
  }
  int ours() const { return ours_.get(); }
  void close_ours() { ours_.reset(); }

 private:
  std::string path_;
  platform::Descriptor ours_;
};

std::string letters(size_t count) {
  std::string text(count, '\0');
  for (size_t i = 0; i < count; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return text;
}

TEST(SandboxStreams, ReadingGoesOnThroughInterruptions) {
  World world;
  Guest& guest = world.guest();
  Pipe pipe(world);
  uint32_t fd = 0;
  ASSERT_EQ(guest.open(World::in, "pipe", {.rights = right::fd_read}, &fd), err::success);
  const std::string sent = letters(20'000);
  const uint64_t interrupted_before = interruptions;
  std::thread writer([&] {
    take_shelter();
    // One piece after another, each only after the guest had to wait through an interruption.
    for (size_t at = 0; at < sent.size(); at += 1000) {
      const uint64_t seen = interruptions;
      while (interruptions < seen + 2) usleep(500);
      EXPECT_EQ(::write(pipe.ours(), sent.data() + at, 1000), 1000);
    }
  });
  std::string got;
  {
    Storm storm;
    while (got.size() < sent.size()) {
      std::string piece;
      ASSERT_EQ(guest.read(fd, 4096, &piece), err::success);
      ASSERT_FALSE(piece.empty());
      got += piece;
    }
    writer.join();
  }
  EXPECT_GT(interruptions, interrupted_before);
  EXPECT_EQ(got, sent);
}

TEST(SandboxStreams, WritingGoesOnThroughInterruptions) {
  World world;
  Guest& guest = world.guest();
  Pipe pipe(world);
  uint32_t fd = 0;
  ASSERT_EQ(guest.open(World::in, "pipe", {.rights = right::fd_write}, &fd), err::success);
  const std::string sent = letters(400'000);
  std::string got;
  std::thread reader([&] {
    take_shelter();
    std::string piece(65536, '\0');
    while (got.size() < sent.size()) {
      const uint64_t seen = interruptions;
      while (interruptions < seen + 2) usleep(500);  // the pipe is full meanwhile
      const ssize_t size = ::read(pipe.ours(), piece.data(), piece.size());
      ASSERT_GT(size, 0);
      got.append(piece, 0, static_cast<size_t>(size));
    }
  });
  {
    Storm storm;
    // The system may take less than it is given; the guest goes on from there, as programs do.
    for (size_t at = 0; at < sent.size();) {
      uint32_t written = 0;
      ASSERT_EQ(guest.write(fd, std::string_view(sent).substr(at), &written), err::success);
      ASSERT_GT(written, 0u);
      at += written;
    }
    reader.join();
  }
  EXPECT_EQ(got, sent);
}

TEST(SandboxStreams, WaitingGoesOnThroughInterruptions) {
  World world;
  Guest& guest = world.guest();
  Storm storm;
  std::string subscription(48, '\0');
  const uint64_t timeout_ns = 20'000'000;
  subscription[16] = 1;  // monotonic, a timeout from now
  memcpy(subscription.data() + 24, &timeout_ns, 8);
  const uint32_t in = guest.put(subscription), out = guest.reserve(32);
  ASSERT_EQ(guest.call("clock_time_get", {1, 0, 64}), err::success);
  const uint64_t begin = guest.u64(64);
  ASSERT_EQ(guest.call("poll_oneoff", {in, out, 1, 72}), err::success);
  ASSERT_EQ(guest.call("clock_time_get", {1, 0, 64}), err::success);
  EXPECT_GE(guest.u64(64) - begin, timeout_ns - 1000);  // never early
}

TEST(SandboxStreams, WithoutWaitingAFullPipeTakesWhatFitsAndThenNothing) {
  World world;
  Guest& guest = world.guest();
  Pipe pipe(world);
  uint32_t fd = 0;
  ASSERT_EQ(guest.open(World::in, "pipe", {.rights = right::fd_write, .fdflags = nonblock}, &fd),
            err::success);
  const std::string block = letters(100'000);
  std::string sent;
  uint32_t written = 0, error = err::success;
  while ((error = guest.write(fd, block, &written)) == err::success) sent.append(block, 0, written);
  EXPECT_EQ(error, err::again);
  EXPECT_GE(sent.size(), 4096u);
  std::string got(sent.size() + 1, '\0');
  size_t size = 0;
  while (size < sent.size()) {
    const ssize_t piece = ::read(pipe.ours(), got.data() + size, got.size() - size);
    ASSERT_GT(piece, 0);
    size += static_cast<size_t>(piece);
  }
  got.resize(size);
  EXPECT_EQ(got, sent);
}

TEST(SandboxStreams, WithoutWaitingAnEmptyPipeHasNothing) {
  World world;
  Guest& guest = world.guest();
  Pipe pipe(world);
  uint32_t fd = 0;
  ASSERT_EQ(guest.open(World::in, "pipe", {.rights = right::fd_read, .fdflags = nonblock}, &fd),
            err::success);
  std::string text;
  EXPECT_EQ(guest.read(fd, 10, &text), err::again);
  ASSERT_EQ(::write(pipe.ours(), "xyz", 3), 3);
  EXPECT_EQ(guest.read(fd, 10, &text), err::success);
  EXPECT_EQ(text, "xyz");
  pipe.close_ours();
  EXPECT_EQ(guest.read(fd, 10, &text), err::success);
  EXPECT_EQ(text, "");
}

TEST(SandboxStreams, APipeNobodyReadsSaysSo) {
  signal(SIGPIPE, SIG_IGN);  // the host's to decide; the command does it too
  World world;
  Pipe pipe(world);
  uint32_t fd = 0;
  ASSERT_EQ(world.guest().open(World::in, "pipe", {.rights = right::fd_write}, &fd), err::success);
  pipe.close_ours();
  EXPECT_EQ(world.guest().write(fd, "x"), err::pipe);
  EXPECT_EQ(world.guest().try_open(World::in, "pipe", {.rights = right::fd_write}), err::nxio);
}

TEST(SandboxStreams, AFullDeviceSaysSo) {
  Wasi wasi = make_wasi();
  ASSERT_TRUE(wasi.dir("/dev", "/dev"));
  ASSERT_TRUE(wasi.stdout_file("/dev/full"));
  Guest guest(wasi);
  EXPECT_EQ(guest.write(1, "x"), err::nospc);
  uint32_t fd = 0, written = 0;
  ASSERT_EQ(guest.open(3, "full", {.rights = right::fd_write}, &fd), err::success);
  EXPECT_EQ(guest.write(fd, "x", &written), err::nospc);
  EXPECT_EQ(written, 0u);
}

TEST(SandboxStreams, WithoutStreamsThereAreNone) {
  Wasi wasi;
  Guest guest(wasi);
  std::string text;
  EXPECT_NE(guest.write(1, "x"), err::success);
  EXPECT_NE(guest.write(2, "x"), err::success);
  const uint32_t error = guest.read(0, 1, &text);
  EXPECT_TRUE(error != err::success || text.empty());
}

}  // namespace
}  // namespace cloche::sandbox
