// cloche strip FILE: takes custom sections out of a module.
#include <algorithm>

#include "cli/cli.hpp"
#include "cli/wabt/tools.hpp"
#include "dump/strip.hpp"

namespace cloche::cli {

void strip(const std::vector<std::string>& line) {
  std::string output;
  std::vector<std::string> kept, removed;
  bool only_debug = false;
  Options options("strip", "[OPTIONS] FILE",
                  "Takes custom sections out of a module; all of them, unless options say which.");
  options.word("FILE",
               "A module in the binary format, - for standard input; it is rewritten unless -o is given");
  options.value("-o, --output", "FILE", "Where the result goes, - for standard output", output);
  add_name_list(options, "-k, --keep", "Keep sections of this name; may be repeated", kept);
  add_name_list(options, "-R, --remove", "Remove sections of this name only; may be repeated", removed);
  options.flag("--debug", "Remove only what helps to debug: names, DWARF, source maps, producers",
               only_debug);
  const std::string file = options.parse(line, 1, 1)[0];
  const auto is_in = [](const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  strip_file(file, output, [&](std::string_view name) {
    if (is_in(kept, name)) return true;
    if (is_in(removed, name) || (only_debug && dump::is_debug_section(name))) return false;
    return !removed.empty() || only_debug;
  });
}

}  // namespace cloche::cli
