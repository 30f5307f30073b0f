// A program's time as its debugger sees it: where it stands, the checkpoints behind it, and the way to any
// moment between the beginning and the furthest that was ever reached.
//
// The head is the process that got furthest: it alone makes host calls. Going back wakes a copy of a
// checkpoint, which runs again up to the wanted step and gets its host calls answered from the record; it
// never passes the head. When it has caught up, the head goes on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "debug/session/debuggee.hpp"

namespace cloche::debug {

/// Where the program stands.
struct Stop {
  bool ended = false;  // it is over; `step` is how many instructions it had
  uint64_t step = 0;   // instructions executed so far
  uint32_t depth = 0;
  uint32_t line = 0;
  uint32_t func = 0;
  std::string why;  // lines

  bool is_interrupted() const { return why.starts_with("interrupted"); }
};

class Timeline {
 public:
  /// `head` leads to a process with a Debuggee. `wait_for_head` is called when it has let go of the channel,
  /// and returns when it has ended, so that all it has printed is out.
  Timeline(platform::Channel head, const SessionShared& shared, std::function<void()> wait_for_head)
      : shared_(shared), wait_for_head_(std::move(wait_for_head)), head_{std::move(head), 0} {}

  /// Waits for the program's beginning; nothing when there is none.
  bool start();
  const Stop& now() const { return now_; }

  /// Interrupts so far are done with: later ones stop the program. To be called for every new wish.
  void forget_interrupts() { seen_ = shared_.interrupts.value(); }
  bool is_interrupted() const { return shared_.interrupts.value() != seen_; }

  /// Goes on until something stops it, or `steps` instructions are done.
  const Stop& run(RunKind kind, std::optional<uint64_t> steps = std::nullopt);
  /// Goes to a step, forwards or backwards.
  const Stop& go_to(uint64_t step);
  /// Goes back to where a point would have stopped it last, or to the beginning.
  const Stop& run_back();

  /// Adds a breakpoint or watch; gives what it stands for, or a sentence that begins with "error: ".
  std::string add_point(const std::string& what);
  bool remove_point(uint32_t id);
  std::string list_points() const;
  /// Asks the stopped program.
  std::string show(const std::string& command);
  /// Changes memory or a variable by hand: "write [@MEM] ADDRESS HEX", "set NAME EXPR". Only at the furthest
  /// moment, since what comes after would be another program. It becomes part of the history: what came
  /// before stays in reach. Empty, or a sentence that begins with "error: ".
  std::string change(const std::string& command);

  /// The first step that can be gone back to.
  uint64_t first_step() const { return first_step_; }

 private:
  struct Moment {
    platform::Channel channel;
    uint64_t step = 0;
  };
  struct Point {
    uint32_t id = 0;
    std::string what;
    std::string scope;  // depth and function of a watch with locals
  };
  platform::Channel& live() { return replay_ ? replay_->channel : head_.channel; }
  Stop receive_stop(platform::Channel& channel);
  void forget_before(uint64_t step);
  Stop ask(platform::Channel& channel, const std::string& message);
  std::string ask_text(const std::string& message);
  void send_points(platform::Channel& channel, bool none);
  void send_changes(platform::Channel& channel);
  const Stop& out_of_reach(uint64_t step);
  bool wake(size_t checkpoint);
  void leave_replay();
  void set_now(Stop stop);
  Stop over() const;
  uint64_t furthest() const;
  std::optional<size_t> checkpoint_before(uint64_t step, bool strictly) const;

  std::string order(std::string_view word) const {
    return std::string(word) + " " + std::to_string(seen_) + " ";
  }

  const SessionShared& shared_;
  uint32_t seen_ = 0;  // interrupts
  std::function<void()> wait_for_head_;
  Moment head_;
  bool head_ended_ = false;
  uint64_t last_step_ = 0;  // at which a process can stand, once the head has ended
  Stop head_stop_;
  std::optional<Moment> replay_;
  std::vector<Moment> checkpoints_;  // in order
  std::vector<Point> points_;
  std::vector<std::string> changes_;  // lines of Change, in order
  uint64_t first_step_ = 0;
  uint32_t last_id_ = 0;
  uint64_t left_step_ = 0;
  Stop now_;
};

}  // namespace cloche::debug
