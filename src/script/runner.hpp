// Runs the specification's test scripts (.wast): every command is executed and checked, and each that does
// not do what it says is reported with its place. The grammar is text/script.hpp's; the modules run in the
// real runtime.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine.hpp"
#include "runtime/store.hpp"
#include "text/script.hpp"

namespace cloche::script {

/// One command that did not do what it says.
struct Failure {
  uint32_t line = 0;  // of the command in the script, from 1
  std::string message;
};

/// Is asked about every store, each thread having its own, and may be called from several threads; what it
/// returns is kept as long as the store.
using Watch = std::function<std::shared_ptr<void>(runtime::Store&)>;

/// What somebody may want to see while a script runs; functions that are empty are not called.
struct Listener {
  /// Commands that failed, and why; assertions of a failure that passed, and how: "assert_trap passed:
  /// unreachable".
  std::function<void(uint32_t line, const std::string& message)> note;
  /// What an action's function was called with and returned, and calls of spectest's print functions:
  /// "called host spectest.print_i32(i32:1) =>".
  std::function<void(const std::string& call)> call;
  /// Attaches what watches a store, if anything does.
  Watch watch;
};

/// What became of a script: a command is a module, a registration, an action or an assertion.
struct Report {
  uint32_t passed = 0;
  uint32_t total = 0;
  uint32_t registrations = 0;  // of those that passed
  std::vector<Failure> failures;
};

/// Runs a whole script in an engine of its own, with the spectest host module. A script that does not parse
/// is one failed command. Output of spectest's print functions is dropped.
Report run_script(std::string_view source, const runtime::Config& config, const Watch& watch = {});

/// Runs commands whose modules are complete, and which have line numbers.
Report run_script(const text::Script& script, const runtime::Config& config, const Listener& listener);

}  // namespace cloche::script
