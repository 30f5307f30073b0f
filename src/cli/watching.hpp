// Who looks on while a command runs a module: the options of `run` that ask for it, and the reports at the
// end.
#pragma once

#include <functional>
#include <memory>

#include "cli/cli.hpp"

namespace cloche::cli {

/// What the command line asks for.
struct WatchRequest {
  bool explain_traps = false;
  bool stack_guard = false;
  bool stack_report = false;
  bool heap_check = false;
  bool heap_report = false;
  /// Another one who looks on: made for the store; gone when the run has ended.
  std::function<std::shared_ptr<void>(Store&)> also;
  /// Descriptors of this process that it needs.
  std::vector<int> descriptors;
  /// What it writes has the results already: they are not printed.
  bool results_are_traced = false;
};

/// A verb that runs modules as `run` does, with more options, and somebody who looks on.
struct RunVerb {
  std::string_view name = "run";
  std::string_view purpose;  // empty: that of `run`
  std::function<void(Options&, WatchRequest&)> add_options;
  std::function<std::shared_ptr<void>(Store&)> also;
};
void run_as(const RunVerb& verb, const std::vector<std::string>& line);

/// Adds --explain-trap, --shadow-stack-guard, --stack-report, --heap-check, --heap-report.
void add_watch_options(Options& options, WatchRequest& request);

/// Looks on at one store from its making to the end of the run.
class Watching {
 public:
  /// Traps of the store tell what the machine shows, in any case.
  Watching(const WatchRequest& request, Store& store);
  ~Watching();
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

  /// The run has ended, in whatever way: writes the reports, once, to standard error. False when a check
  /// found problems; the same answer when it is asked again.
  bool finish();

 private:
  struct Monitors;
  std::unique_ptr<Monitors> monitors_;
  bool good_ = true;
};

}  // namespace cloche::cli
