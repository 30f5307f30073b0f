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

namespace cloche::script {

/// One command that did not do what it says.
struct Failure {
  uint32_t line = 0;  // of the command in the script, from 1
  std::string message;
};

/// What became of a script: a command is a module, a registration, an action or an assertion.
struct Report {
  uint32_t passed = 0;
  uint32_t total = 0;
  std::vector<Failure> failures;
};

/// Runs a whole script in an engine of its own, with the spectest host module. A script that does not parse
/// is one failed command. Output of spectest's print functions is dropped.
/// `watch` is asked about every store, each thread having its own, and may be called from several threads; what it
/// returns is kept as long as the store.
using Watch = std::function<std::shared_ptr<void>(runtime::Store&)>;
Report run_script(std::string_view source, const runtime::Config& config, const Watch& watch = {});

}  // namespace cloche::script
