// The side of a debugging session that runs the program: a monitor that stops it, answers questions about it,
// and leaves checkpoints of its whole process behind. The other side, which talks to a person, is a process
// of its own; the two exchange messages, a line of words each, some with lines of text behind it:
//
//   to here                                    answers
//   run KIND UNTIL DEPTH LINE                  stopped STEP DEPTH LINE FUNC, then lines that say why
//   scan 0 UNTIL [with-end]                    scanned STEP|none   (where it would have stopped last before
//   UNTIL) points, then lines                         done, then a line for each: "l …", "g …" or "error: …"
//     "ID new|again DEPTH FUNC WHAT"
//   show COMMAND…                              text, then the lines
//   write STEP ADDRESS HEX                     done
//   activate (to a checkpoint, with a channel) stopped …, from a copy of the checkpoint
//   vanish                                     nothing: the process ends
//
// On its own it sends `checkpoint STEP` with a channel to it, and `left STEP` when a call from the host is
// over.
#pragma once

#include <string>

#include "debug/session/host_log.hpp"
#include "debug/session/inspector.hpp"
#include "debug/session/points.hpp"
#include "interp/probes.hpp"

namespace cloche::debug {

/// How a run goes on until it stops by itself. A step is one executed instruction.
enum class RunKind : uint8_t {
  on,         // to the next point
  over,       // to the next instruction of this activation, or of its caller
  out,        // to the caller
  line,       // to another source line
  line_over,  // to another line of this activation, or of its caller
};

class Debuggee final : public interp::Monitor {
 public:
  /// `record` is shared by all processes of the session.
  Debuggee(runtime::Store& store, platform::Channel channel, const platform::SharedBytes& record);

  wasm::TrapCode before(const abi::Site& site) override;
  void trapped(abi::Context* context, const abi::Site* site) override;
  void left(abi::Context* context) override;

 private:
  std::string why_stop(const abi::Site& site);
  void serve(const abi::Site& site, const std::string& why);
  /// Handles a message; true when the program goes on.
  bool handle(const abi::Site& site, const std::string& message);
  std::string set_points(std::string_view lines);
  std::string show(std::string_view command);
  std::string write(std::string_view words);
  void leave_checkpoint();
  void wait_as_checkpoint(const platform::Channel& own);
  uint32_t line_of(const abi::Site& site);
  const symbols::Symbols& symbols_of(const abi::Site& site) const;

  runtime::Store& store_;
  platform::Channel channel_;
  HostLog log_;
  Inspector inspector_;
  Points points_;
  const symbols::Symbols* main_ = nullptr;  // of the first module that runs
  uint64_t step_ = 0;                       // instructions executed so far
  bool begun_ = false;
  bool is_head_ = true;  // has made every host call itself; a copy of a checkpoint has not
  bool over_ = false;    // a trap was shown: the rest is not watched
  uint64_t next_checkpoint_ = 0;
  uint64_t interval_ = 0;

  // What it was told to do.
  RunKind kind_ = RunKind::on;
  uint64_t until_ = ~uint64_t{0};
  uint64_t from_ = 0;
  uint32_t from_depth_ = 0;
  uint32_t from_line_ = 0;
  bool scanning_ = false;
  bool scans_end_ = false;  // whether the place where the scan ends counts
  std::optional<uint64_t> last_found_;
  std::unordered_map<const uint8_t*, uint32_t> lines_;  // by instruction; 0 for none
};

}  // namespace cloche::debug
