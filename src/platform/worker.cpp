#include "platform/worker.hpp"

#include <pthread.h>
#include <signal.h>

#include <memory>
#include <utility>

namespace cloche::platform {
namespace {

void* run(void* data) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(data));
  (*body)();
  return nullptr;
}

/// All signals but those that are about the thread itself, and the one that ends its system calls.
sigset_t signals_for_others() {
  sigset_t set;
  sigfillset(&set);
  for (const int own : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGURG, SIGPROF})
    sigdelset(&set, own);
  return set;
}

}  // namespace

bool start_worker(std::function<void()> body) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // A new thread inherits the mask.
  const sigset_t blocked = signals_for_others();
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  auto* const data = new std::function<void()>(std::move(body));
  pthread_t thread;
  const bool is_started = pthread_create(&thread, &attributes, run, data) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (!is_started) delete data;
  return is_started;
}

}  // namespace cloche::platform
