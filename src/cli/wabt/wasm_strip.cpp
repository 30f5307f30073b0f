// wasm-strip FILE: takes custom sections out of a binary module, in place unless -o names another file.
#include <algorithm>

#include "cli/io.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/tools.hpp"
#include "dump/strip.hpp"

namespace cloche::cli {
namespace {

bool is_in(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void add_name_list(Options& options, std::string_view name, std::string_view help,
                   std::vector<std::string>& names) {
  options.value(name, "NAME", help, [&names](const std::string& word) {
    names.push_back(word);
    return std::optional<std::string>();
  });
}

void strip_file(const std::string& file, const std::string& output,
                const std::function<bool(std::string_view)>& keeps) {
  const platform::FileBytes input = read_input(file);
  const Progress progress("stripping", input.bytes.size());
  const auto stripped = dump::strip(input.bytes, keeps);
  if (!stripped) {
    Progress::end_all();
    print_binary_error(input_name(file), stripped.error().offset, stripped.error().message());
    finish(exit_failure);
  }
  const std::string& target = output.empty() ? file : output;
  if (target == "-")
    write_output(target, *stripped, Contents::binary);
  else
    rewrite_file(target, *stripped);
}

void wasm_strip(const std::vector<std::string>& line) {
  std::string output;
  std::vector<std::string> kept, removed;
  ToolOptions options("wasm-strip", "[OPTIONS] FILE",
                      "Takes custom sections out of a module; all of them, unless options say which.");
  options.word("FILE",
               "A module in the binary format, - for standard input; it is rewritten unless -o is given");
  options.value("-o, --output", "FILE", "Where the result goes, - for standard output", output);
  add_name_list(options, "-k, --keep-section", "Keep sections of this name; may be repeated", kept);
  add_name_list(options, "-R, --remove-section", "Remove sections of this name only; may be repeated",
                removed);
  const std::string file = options.parse(line, 1, 1)[0];
  strip_file(file, output, [&](std::string_view name) {
    return !is_in(removed, name) && (is_in(kept, name) || !removed.empty());
  });
}

}  // namespace cloche::cli
