// A line on the terminal that says how far a long piece of work is. It appears half a second after the
// command began to work, only where stderr is a terminal, and is gone when the work ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace cloche::cli {

/// The work that goes on as long as the object exists. A thread of its own writes the line, so that the work
/// need not look at a clock; where no line can appear there is no thread either. One at a
/// time: another one, within the work, takes the place of the first.
///
/// The variable CLOCHE_PROGRESS_AFTER_MS, for tests, says after how many milliseconds the line appears; with
/// 0 it is there before the work begins.
class Progress {
 public:
  /// What the numbers of at() count.
  enum class Counts : uint8_t {
    nothing,  // nothing is known but the time
    input,    // bytes of the `size`
    output,   // bytes that the work has made
  };

  /// `what`, a literal, is being done to an input of `size` bytes. With `also_shown` the work writes to that
  /// descriptor; where it is a terminal too, there is no line between the output's.
  Progress(std::string_view what, uint64_t size, Counts counts = Counts::nothing, int also_shown = -1);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// How much is done. A store; may be called as often as one likes.
  void at(uint64_t done) { done_->store(done, std::memory_order_relaxed); }

  /// Takes the line away for good: an error is about to be written, or the process ends within the work.
  static void end_all();

 private:
  struct State;

  std::shared_ptr<std::atomic<uint64_t>> done_;
  std::shared_ptr<State> state_;  // null where no line can appear
};

}  // namespace cloche::cli
