// The fault handler: ours are answered, all others reach whoever was there before. Each case runs in a child
// process, whose exit tells the story.
#include "platform/signals.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "platform/pages.hpp"

namespace cloche::platform {
namespace {

uint8_t* guarded = nullptr;

__attribute__((noinline)) int touch(volatile uint8_t* at) { return *at; }

/// Answers faults in `guarded` by making the page accessible; the access is then retried.
bool repair(Fault& fault) {
  const auto base = reinterpret_cast<uintptr_t>(guarded);
  if (!guarded || fault.address() < base || fault.address() >= base + page_size()) return false;
  Reservation* const range =
      reinterpret_cast<Reservation*>(*reinterpret_cast<uintptr_t*>(guarded + page_size()));
  return range->commit(0, page_size());
}

/// Runs `body` in a child; its wait status.
template <class Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

void make_guarded(Reservation& range) {
  range = Reservation::reserve(2 * page_size());
  if (!range.commit(page_size(), page_size())) _exit(99);
  *reinterpret_cast<uintptr_t*>(range.data() + page_size()) = reinterpret_cast<uintptr_t>(&range);
  guarded = range.data();
}

void restore_default_actions() {
  signal(SIGSEGV, SIG_DFL);
  signal(SIGBUS, SIG_DFL);
}

#define SKIP_UNDER_SANITIZERS() \
  if (faults_belong_to_sanitizer()) GTEST_SKIP() << "the sanitizer has its own idea of faults"

TEST(Signals, OwnFaultIsAnsweredAndExecutionGoesOn) {
  SKIP_UNDER_SANITIZERS();
  const int status = in_child([] {
    Reservation range;
    make_guarded(range);
    if (!install_fault_handler(repair) || !ensure_signal_stack()) _exit(98);
    if (touch(guarded) != 0) _exit(97);
    _exit(42);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42);
}

TEST(Signals, OtherFaultsEndTheProcessWhenNobodyElseHandlesThem) {
  SKIP_UNDER_SANITIZERS();
  const int status = in_child([] {
    restore_default_actions();
    Reservation range;
    make_guarded(range);
    if (!install_fault_handler(repair) || !ensure_signal_stack()) _exit(98);
    guarded = nullptr;
    touch(range.data());
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
}

TEST(Signals, OtherFaultsReachTheHandlerInstalledBefore) {
  SKIP_UNDER_SANITIZERS();
  const int status = in_child([] {
    struct sigaction action = {};
    action.sa_sigaction = [](int, siginfo_t* info, void*) { _exit(info->si_addr == nullptr ? 1 : 55); };
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, nullptr);
    Reservation range;
    make_guarded(range);
    if (!install_fault_handler(repair)) _exit(98);
    if (touch(guarded) != 0) _exit(97);
    guarded = nullptr;
    range.decommit(0, page_size());
    touch(range.data());
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 55);
}

TEST(Signals, SentSignalsAreNotTakenForFaults) {
  SKIP_UNDER_SANITIZERS();
  const int status = in_child([] {
    restore_default_actions();
    if (!install_fault_handler(repair)) _exit(98);
    raise(SIGSEGV);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
}

TEST(Signals, EveryThreadGetsASignalStackAndGivesItBack) {
  for (int i = 0; i < 50; ++i) {
    std::thread([] {
      ASSERT_TRUE(ensure_signal_stack());
      stack_t current = {};
      ASSERT_EQ(sigaltstack(nullptr, &current), 0);
      EXPECT_EQ(current.ss_flags & SS_DISABLE, 0);
      EXPECT_GE(current.ss_size, static_cast<size_t>(MINSIGSTKSZ));
    }).join();
  }
}

}  // namespace
}  // namespace cloche::platform
