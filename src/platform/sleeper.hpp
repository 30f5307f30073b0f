// Ending a system call that another thread waits in: a signal whose handler does nothing makes the call
// return EINTR, and the thread then looks at what it was woken for. Costs two stores a call while nobody
// wakes.
#pragma once

#include <atomic>
#include <cstdint>

namespace cloche::platform {

/// Where one thread may be found asleep. Used by one sleeping thread at a time; any thread may wake it.
class Sleeper {
 public:
  /// While one exists, the calling thread is in a system call that wake() ends. The order is: begin, look at
  /// the reason for which one may be woken, call. Then a wake() that follows the setting of that reason is
  /// never lost for longer than it repeats its signal.
  class Nap {
   public:
    explicit Nap(Sleeper& sleeper) : sleeper_(sleeper) {
      // Only this thread writes it.
      sleeper.naps_.store(sleeper.naps_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      // Sequentially consistent: the waker sets its reason and then looks for a sleeper, we do it the other
      // way round.
      sleeper.thread_.store(current_thread(), std::memory_order_seq_cst);
    }
    ~Nap() { sleeper_.thread_.store(0, std::memory_order_release); }
    Nap(const Nap&) = delete;
    Nap& operator=(const Nap&) = delete;

   private:
    Sleeper& sleeper_;
  };

  /// Makes the system call of a nap, if there is one, return EINTR. A call that the system does not interrupt
  /// (a disk's) is given up after some 50 ms; it ends by itself. From the sleeping thread itself (a signal
  /// handler) it does nothing: that signal has interrupted the call already. Async-signal-safe.
  void wake();

 private:
  static int current_thread() {
    if (current_ == 0) [[unlikely]]
      current_ = ask_current_thread();
    return current_;
  }
  static int ask_current_thread();

  static inline constinit thread_local int current_ = 0;
  std::atomic<int> thread_{0};  // the system's number of the sleeping thread
  std::atomic<uint32_t> naps_{0};
};

}  // namespace cloche::platform
