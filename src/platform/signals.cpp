#include "platform/signals.hpp"

#include <pthread.h>
#include <signal.h>
#include <ucontext.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

#include <atomic>
#include <mutex>

#include "platform/pages.hpp"

namespace cloche::platform {
namespace {

constexpr int max_callbacks = 8;
std::atomic<FaultCallback> callbacks[max_callbacks];
struct sigaction previous_segv;
struct sigaction previous_bus;
std::mutex install_mutex;
bool installed = false;

/// Runs the default action: the faulting instruction is retried with it, a signal somebody sent is sent
/// again.
void default_action(int signal, const siginfo_t* info) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
  if (info->si_code <= 0) raise(signal);  // SI_USER and the like; blocked until the handler returns
}

/// Hands the signal to the handler that was there before us, under the mask it asked for.
void pass_on(int signal, siginfo_t* info, void* context) {
  const struct sigaction& previous = signal == SIGSEGV ? previous_segv : previous_bus;
  const bool wants_info = (previous.sa_flags & SA_SIGINFO) != 0;
  if (!wants_info && previous.sa_handler == SIG_DFL) return default_action(signal, info);
  if (!wants_info && previous.sa_handler == SIG_IGN) {
    // The kernel does not let a hardware fault be ignored: it ends the process.
    if (info->si_code > 0) default_action(signal, info);
    return;
  }
  sigset_t mask = previous.sa_mask;
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &mask, &before);
  if (previous.sa_flags & SA_NODEFER) {
    sigset_t self;
    sigemptyset(&self);
    sigaddset(&self, signal);
    pthread_sigmask(SIG_UNBLOCK, &self, nullptr);
  }
  if (wants_info)
    previous.sa_sigaction(signal, info, context);
  else
    previous.sa_handler(signal);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void on_fault(int signal, siginfo_t* info, void* context) {
  if (info->si_code > 0) {  // raised by the hardware, not sent by somebody
    Fault fault(reinterpret_cast<uintptr_t>(info->si_addr), context);
    for (const std::atomic<FaultCallback>& callback : callbacks) {
      const FaultCallback function = callback.load(std::memory_order_acquire);
      if (!function) break;
      if (function(fault)) return;
    }
  }
  pass_on(signal, info, context);
}

bool install_once() {
  if (installed) return true;
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  // The previous handlers must be known before ours can run.
  if (sigaction(SIGSEGV, nullptr, &previous_segv) != 0 || sigaction(SIGBUS, nullptr, &previous_bus) != 0)
    return false;
  if (sigaction(SIGSEGV, &action, nullptr) != 0) return false;
  if (sigaction(SIGBUS, &action, nullptr) != 0) {
    sigaction(SIGSEGV, &previous_segv, nullptr);
    return false;
  }
  installed = true;
  return true;
}

size_t wanted_signal_stack_bytes() {
  size_t bytes = size_t{64} << 10;
#ifdef AT_MINSIGSTKSZ
  const size_t minimum = getauxval(AT_MINSIGSTKSZ);
  if (minimum + (size_t{32} << 10) > bytes) bytes = minimum + (size_t{32} << 10);
#endif
  return round_to_pages(bytes);
}

/// A thread's alternate stack with an inaccessible page below it.
class SignalStack {
 public:
  ~SignalStack() {
    if (!memory_) return;
    stack_t current = {};
    if (sigaltstack(nullptr, &current) == 0 && current.ss_sp == memory_.data() + page_size()) {
      stack_t off = {};
      off.ss_flags = SS_DISABLE;
      off.ss_size = current.ss_size;
      sigaltstack(&off, nullptr);
    }
  }

  bool ensure() {
    if (memory_) return true;
    const size_t bytes = wanted_signal_stack_bytes();
    stack_t current = {};
    if (sigaltstack(nullptr, &current) != 0) return false;
    if (!(current.ss_flags & SS_DISABLE) && current.ss_size >= bytes) return true;
    if (current.ss_flags & SS_ONSTACK) return false;  // we run on it right now
    Reservation memory = Reservation::reserve(bytes + page_size());
    if (!memory || !memory.commit(page_size(), bytes)) return false;
    stack_t ours = {};
    ours.ss_sp = memory.data() + page_size();
    ours.ss_size = bytes;
    if (sigaltstack(&ours, nullptr) != 0) return false;
    memory_ = std::move(memory);
    return true;
  }

 private:
  Reservation memory_;
};

thread_local SignalStack thread_signal_stack;

}  // namespace

#if defined(__linux__) && defined(__x86_64__)
uintptr_t Fault::pc() const {
  return static_cast<uintptr_t>(static_cast<ucontext_t*>(ucontext_)->uc_mcontext.gregs[REG_RIP]);
}
void Fault::set_pc(uintptr_t pc) {
  static_cast<ucontext_t*>(ucontext_)->uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(pc);
}
uintptr_t Fault::sp() const {
  return static_cast<uintptr_t>(static_cast<ucontext_t*>(ucontext_)->uc_mcontext.gregs[REG_RSP]);
}
#elif defined(__linux__) && defined(__aarch64__)
uintptr_t Fault::pc() const { return static_cast<ucontext_t*>(ucontext_)->uc_mcontext.pc; }
void Fault::set_pc(uintptr_t pc) { static_cast<ucontext_t*>(ucontext_)->uc_mcontext.pc = pc; }
uintptr_t Fault::sp() const { return static_cast<ucontext_t*>(ucontext_)->uc_mcontext.sp; }
#else
#error "platform/signals: say where this host keeps the program counter"
#endif

bool install_fault_handler(FaultCallback callback) {
  const std::lock_guard lock(install_mutex);
  for (std::atomic<FaultCallback>& place : callbacks) {
    const FaultCallback there = place.load(std::memory_order_relaxed);
    if (there == callback) return true;
    if (there) continue;
    if (!install_once()) return false;
    place.store(callback, std::memory_order_release);
    return true;
  }
  return false;
}

bool ensure_signal_stack() { return thread_signal_stack.ensure(); }

bool faults_belong_to_sanitizer() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
  return true;
#else
  return false;
#endif
#else
  return false;
#endif
}

}  // namespace cloche::platform
