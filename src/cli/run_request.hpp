// What the command line of `cloche run` asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/watching.hpp"
#include "cloche/cloche.hpp"

namespace cloche::cli {

struct RunRequest {
  struct Directory {
    std::string host;
    std::string guest;
    DirAccess access;
  };
  struct Address {
    std::string host;
    uint16_t port;
  };

  Config config;
  std::string file;
  std::vector<std::string> words;  // behind the file
  std::optional<std::string> invoke;
  std::vector<std::pair<std::string, std::string>> preloads;  // name and file

  std::optional<std::string> argv0;
  std::vector<std::pair<std::string, std::string>> env;
  std::vector<Directory> directories;
  std::vector<Address> listeners;
  std::optional<std::string> streams[3];  // files for stdin, stdout and stderr
  TerminalOutput terminal = TerminalOutput::safe;
  std::optional<uint64_t> seed;
  bool without_openat2 = false;

  std::optional<uint64_t> timeout_ns;
  std::string timeout_text;

  WatchRequest watch;
};

/// Takes the command line apart; ends the process where it is wrong or asks for help.
RunRequest parse_run(const RunVerb& verb, const std::vector<std::string>& line);

}  // namespace cloche::cli
