#include "platform/sleeper.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace cloche::platform {
namespace {

/// Its default action is to be ignored, so a late one harms nobody.
constexpr int wake_signal = SIGURG;
constexpr int max_signals = 50;

std::atomic<bool> is_installed{false};
struct sigaction previous;

void on_wake(int signal, siginfo_t* info, void* context) {
  if ((previous.sa_flags & SA_SIGINFO) != 0) {
    if (previous.sa_sigaction != nullptr) previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
  }
}

/// Without SA_RESTART, or the system would go on with the call. Somebody else's handler is called as before.
void install_once() {
  if (is_installed.exchange(true)) return;
  sigaction(wake_signal, nullptr, &previous);
  struct sigaction action = {};
  action.sa_sigaction = on_wake;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(wake_signal, &action, nullptr);
}

void signal_thread(int thread) { syscall(SYS_tgkill, getpid(), thread, wake_signal); }

}  // namespace

int Sleeper::ask_current_thread() { return static_cast<int>(syscall(SYS_gettid)); }

void Sleeper::wake() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const int thread = thread_.load(std::memory_order_seq_cst);
  if (thread == 0 || thread == current_thread()) return;
  install_once();
  const uint32_t nap = naps_.load(std::memory_order_relaxed);
  // Again while it sleeps on: the signal may have come just before the call.
  for (int i = 0; i < max_signals && thread_.load() == thread && naps_.load() == nap; ++i) {
    signal_thread(thread);
    const timespec pause = {0, 1'000'000};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace cloche::platform
