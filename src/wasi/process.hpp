// A guest's program while it runs: what it was given, its descriptors, its threads, and how it ended. One
// process may span several stores, one for each thread of wasi-threads.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/store.hpp"
#include "wasi/clocks.hpp"
#include "wasi/descriptor_table.hpp"
#include "wasi/random_source.hpp"
#include "wasi/settings.hpp"

namespace cloche::wasi {

/// How a program ended: its exit status, or the trap of the thread that trapped first.
using Ending = runtime::Outcome<uint32_t>;

/// Thread-safe. Kept alive by the stores that stand in it.
class Process {
 public:
  explicit Process(Settings settings)
      : settings_(std::move(settings)),
        clocks_(settings_),
        random_(settings_.deterministic_seed),
        descriptors_(settings_.max_descriptors) {}
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const Settings& settings() const { return settings_; }
  Clocks& clocks() { return clocks_; }
  RandomSource& random() { return random_; }
  DescriptorTable& descriptors() { return descriptors_; }

  /// The stores that stand in the process, which its end interrupts. attach: false when it has ended already.
  bool attach(runtime::Store& store);
  void detach(runtime::Store& store);

  /// Runs the program's first thread in an attached store and, when it has ended, all others; gives the
  /// status or the trap with which the program ended first. The function takes no parameters and gives no
  /// results.
  Ending run(runtime::Store& store, const runtime::Func& entry);
  /// Ends the program, unless it has ended already: every other thread is interrupted. `self` may be null.
  void end(Ending ending, const runtime::Store* self);
  /// How the program has ended, if it has.
  std::optional<Ending> ending();
  /// Ends the program and waits for its threads to leave.
  void end_threads(const runtime::Store* self);

  /// Runs `body` with a new thread's number in a thread of its own. The number, or again when there are too
  /// many or the system refuses, or canceled when the program has ended.
  Or<uint32_t> start_thread(std::function<void(uint32_t number)> body);
  /// The body's last act.
  void thread_ended(uint32_t number);

 private:
  Or<uint32_t> take_thread_number();

  const Settings settings_;
  Clocks clocks_;
  RandomSource random_;
  DescriptorTable descriptors_;

  std::mutex mutex_;
  std::condition_variable thread_left_;
  std::vector<runtime::Store*> stores_;
  std::vector<uint32_t> threads_;  // numbers of those that run, without the first
  uint32_t last_thread_ = 0;
  std::optional<Ending> ending_;
};

/// How a call of the program's entry, or of a thread's, ended it.
Ending ending_of(const runtime::Outcome<void>& returned);

}  // namespace cloche::wasi
