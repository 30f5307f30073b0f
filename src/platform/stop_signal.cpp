#include "platform/stop_signal.hpp"

#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

namespace cloche::platform {
namespace {

constexpr suseconds_t repeat_us = 10'000;
constexpr int max_repeats = 200;

void (*stop_callback)() = nullptr;
std::atomic<StopReason> first_reason{StopReason::none};
std::atomic<int> repeats{0};
void (*interrupt_callback)() = nullptr;
timer_t interrupt_timer{};
bool has_interrupt_timer = false;

void start_timer(uint64_t first_us) {
  itimerval timer = {};
  timer.it_value = {static_cast<time_t>(first_us / 1'000'000),
                    static_cast<suseconds_t>(first_us % 1'000'000)};
  timer.it_interval = {0, repeat_us};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

StopReason reason_of(int signal) {
  if (signal == SIGINT) return StopReason::interrupted;
  return signal == SIGTERM ? StopReason::terminated : StopReason::timed_out;
}

void on_signal(int signal) {
  const int error = errno;
  StopReason before = StopReason::none;
  const bool is_first = first_reason.compare_exchange_strong(before, reason_of(signal));
  const bool is_urgent = !is_first && signal != SIGALRM;
  if (is_urgent || repeats.fetch_add(1) >= max_repeats) _exit(exit_code(first_reason));
  if (is_first && signal != SIGALRM) start_timer(repeat_us);
  stop_callback();
  errno = error;
}

void on_interrupt_signal(int) {
  const int error = errno;
  interrupt_callback();
  errno = error;
}

/// Without SA_RESTART, so that the system call of the moment returns.
void install(int signal) {
  struct sigaction action = {};
  if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN && signal != SIGALRM) return;
  action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const int other : {SIGINT, SIGTERM, SIGALRM}) sigaddset(&action.sa_mask, other);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void stop_on_signals(void (*stop)(), std::optional<uint64_t> timeout_ns) {
  stop_callback = stop;
  for (const int signal : {SIGINT, SIGTERM, SIGALRM}) install(signal);
  if (timeout_ns) start_timer(std::max<uint64_t>(*timeout_ns / 1000, 1));
}

void on_interrupt(void (*call)()) {
  interrupt_callback = call;
  struct sigaction action = {};
  if (sigaction(SIGINT, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) return;
  action = {};
  action.sa_handler = on_interrupt_signal;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGINT;
  if (!has_interrupt_timer)
    has_interrupt_timer = timer_create(CLOCK_MONOTONIC, &event, &interrupt_timer) == 0;
}

void repeat_interrupts(bool on) {
  if (!has_interrupt_timer) return;
  const timespec interval = {0, on ? repeat_us * 1000 : 0};
  const itimerspec times = {interval, interval};
  timer_settime(interrupt_timer, 0, &times, nullptr);
}

StopReason stop_reason() { return first_reason; }

int exit_code(StopReason reason) {
  constexpr int codes[] = {0, 130, 143, 124};
  return codes[static_cast<int>(reason)];
}

}  // namespace cloche::platform
