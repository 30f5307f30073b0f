// Debugging sessions with parts of the specification's scripts: a script's modules, and some of its actions
// chosen by chance.
#pragma once

#include <sys/types.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "debug/session/timeline.hpp"
#include "runtime/config.hpp"
#include "text/script.hpp"
#include "wasm/features.hpp"

namespace cloche::reverse {

/// A script with all that it needs.
struct Source {
  std::string name;  // relative to the folder of the scripts
  std::string text;
  wasm::FeatureSet features;
};

/// A part of a script, as a script of its own, and how many actions are in it.
struct Program {
  std::string text;
  size_t actions = 0;
  runtime::Config config;
};

/// The modules of a script up to the last of `count` actions that are chosen by chance, and those actions. By
/// chance, too, memories have no guard pages, and every allocation collects garbage.
/// Without actions when the script has none.
Program choose(const Source& source, size_t count, std::mt19937_64& random);

/// A program that runs in a process of its own, under the debugger.
class Session {
 public:
  /// Starts it; `is_good` says whether there was a first instruction to stop at.
  Session(const Program& program, uint64_t checkpoint_interval);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  bool is_good() const { return is_good_; }
  debug::Timeline& timeline() { return *timeline_; }

 private:
  void wait();

  pid_t child_ = -1;
  bool is_good_ = false;
  std::optional<debug::SessionShared> shared_;
  std::unique_ptr<debug::Timeline> timeline_;
};

}  // namespace cloche::reverse
