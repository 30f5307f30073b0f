// The side of a debugging session that runs the program: a monitor that stops it, answers questions about it,
// and leaves checkpoints of its whole process behind. The other side, which talks to a person, is a process
// of its own; the two exchange messages, a line of words each, some with lines of text behind it:
//
//   to here                                    answers
//   run SEEN KIND UNTIL DEPTH LINE             stopped STEP DEPTH LINE FUNC, then lines that say why
//   go SEEN UNTIL (past points and traps)      stopped …
//   scan SEEN UNTIL [with-end]                      scanned STEP|none|interrupted (where it would have
//   stopped last
//                                              before UNTIL)
//   points, then lines                         done, then a line for each: "l …", "g …" or "error: …"
//     "ID new|again DEPTH FUNC WHAT"
//   changes, then lines of Change              done
//   show COMMAND…                              text, then the lines
//   write [@MEM] ADDRESS HEX, set NAME EXPR    changed, then the line of the Change; or "error: …"
//   activate (to a checkpoint, with a channel) stopped …, from a copy of the checkpoint
//   vanish                                     nothing: the process ends
//
// SEEN is how many interrupts there were when the person gave the order: more of them stop the program.
//
// On its own it sends `checkpoint STEP` with a channel to it, `forget STEP` when nothing before that step can
// be gone back to any more, and `left STEPS LAST` when a call from the host is over: how many instructions
// there were, and the last step at which a process can stand.
//
// A step is one executed instruction. A trap is a stop of its own behind the instruction that trapped.
#pragma once

#include <atomic>
#include <string>

#include "debug/session/changes.hpp"
#include "debug/session/host_log.hpp"
#include "debug/session/inspector.hpp"
#include "debug/session/points.hpp"
#include "debug/session/shared.hpp"
#include "interp/probes.hpp"

namespace cloche::debug {

/// How a run goes on until it stops by itself.
enum class RunKind : uint8_t {
  on,         // to the next point
  over,       // to the next instruction of this activation, or of its caller
  out,        // to the caller
  line,       // to another source line
  line_over,  // to another line of this activation, or of its caller
};

/// What a session may take.
struct SessionLimits {
  /// Steps between the first two checkpoints; the distance doubles with every sixteen more.
  uint64_t first_interval = 100'000;
  /// Bytes of recorded host calls. When there are more, the older half is forgotten.
  uint64_t record_bytes = 256u << 20;
};

class Debuggee final : public interp::Monitor {
 public:
  /// `shared` is older than any process of the session but the first.
  Debuggee(runtime::Store& store, platform::Channel channel, const SessionShared& shared,
           const SessionLimits& limits = {});
  ~Debuggee() override;

  wasm::TrapCode before(const abi::Site& site) override;
  void trapped(abi::Context* context, const abi::Site* site) override;
  void entered(abi::Context*) override { over_ = false; }
  void left(abi::Context*) override;

 private:
  static void wake_host_call();
  bool wants_stop() const { return shared_.interrupts.value() != seen_; }
  void found(std::string reason);
  std::string why_stop(const abi::Site& site);
  bool is_record_too_long() const;
  bool is_anything_due() const;
  std::string why_kind_stops(const abi::Site& site);
  void serve(const abi::Site& site, const std::string& why);
  void announce(const abi::Site& site, const std::string& why);
  /// Handles a message; true when the program goes on.
  bool handle(const abi::Site& site, const std::string& message);
  void start(const abi::Site& site, std::string_view word, std::string_view line);
  std::string set_points(std::string_view lines);
  std::string show(std::string_view command);
  std::string change(std::string_view word, std::string_view line);
  bool stop_in_host_call();
  bool leave_checkpoint();
  void wait_as_checkpoint(const platform::Channel& own);
  void forget_older();
  uint32_t line_of(const abi::Site& site);
  const symbols::Symbols& symbols_of(const abi::Site& site) const;

  runtime::Store& store_;
  platform::Channel channel_;
  const SessionShared& shared_;
  SessionLimits limits_;
  HostLog log_;
  Inspector inspector_;
  Points points_;
  Changes changes_;
  const symbols::Symbols* main_ = nullptr;  // of the first module that runs
  uint64_t step_ = 0;                       // instructions executed so far
  uint64_t stood_at_ = 0;                   // the step of the last stop
  bool begun_ = false;
  bool woken_ = false;                 // was a checkpoint, and waits for orders
  bool is_head_ = true;                // has made every host call itself; a copy of a checkpoint has not
  bool over_ = false;                  // a trap was met: what is left of the call is not watched
  std::optional<uint64_t> trap_step_;  // of the last trap
  std::atomic<uint32_t> seen_{0};      // interrupts that are done with
  std::atomic<bool> is_woken_{false};  // the store was interrupted, for a host function that ran

  /// The checkpoints of this process, and how far the record went.
  struct Mark {
    uint64_t step = 0;
    uint64_t record_at = 0;
  };
  std::vector<Mark> marks_;
  uint64_t record_from_ = 0;  // what is before is forgotten
  uint64_t next_checkpoint_ = 0;
  uint64_t interval_ = 0;

  // What it was told to do.
  enum class Order : uint8_t { run, go, scan } order_ = Order::run;
  RunKind kind_ = RunKind::on;
  uint64_t until_ = ~uint64_t{0};
  uint64_t from_ = 0;
  uint32_t from_depth_ = 0;
  uint32_t from_line_ = 0;
  bool is_free_ = false;    // there is nothing to stop it before until_
  bool scans_end_ = false;  // whether the place where the scan ends counts
  std::optional<uint64_t> last_found_;
  std::string last_reason_;
  std::unordered_map<const uint8_t*, uint32_t> lines_;  // by instruction; 0 for none
};

}  // namespace cloche::debug
