// What a guest is given besides descriptors. A plain value; the default grants nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/beneath.hpp"
#include "wasi/limits.hpp"
#include "wasi/terminal.hpp"

namespace cloche::wasi {

struct Settings {
  std::vector<std::string> args;  // args[0] is the program's name
  std::vector<std::string> env;   // each "NAME=VALUE"
  /// Clocks tell nothing finer than this.
  uint64_t clock_resolution_ns = 1000;
  /// Random bytes from this seed, and clocks that begin at 0 and advance by their resolution at every look.
  std::optional<uint64_t> deterministic_seed;
  TerminalPolicy terminal = TerminalPolicy::safe;
  platform::Resolver resolver = platform::Resolver::automatic;
  uint32_t max_descriptors = limits::descriptors;
  uint32_t max_threads = limits::threads;
};

}  // namespace cloche::wasi
