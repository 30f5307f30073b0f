// wasm-interp --wasi: runs a WASI program as wabt's interpreter is asked to.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/modules.hpp"

namespace cloche::cli {

struct WasiRequest {
  std::vector<std::string> args;  // the program's name first
  std::vector<std::pair<std::string, std::string>> env;
  std::vector<std::string> dirs;  // granted under their own names
  bool trace = false;
};

/// Runs the program to its end and ends the process with its exit status; a trap is exit_failure.
[[noreturn]] void run_wasi(const Input& input, const Config& config, const WasiRequest& request);

}  // namespace cloche::cli
