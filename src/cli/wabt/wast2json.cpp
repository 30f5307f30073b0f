// wast2json FILE.wast: a test script as JSON, with its modules in files beside it.
#include "cli/io.hpp"
#include "cli/modules.hpp"
#include "cli/output_name.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/hex_dump.hpp"
#include "cli/wabt/module_listing.hpp"
#include "cli/wabt/tools.hpp"
#include "script/json_writer.hpp"

namespace cloche::cli {
namespace {

std::string folder_of(const std::string& file) {
  const size_t slash = file.rfind('/');
  return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

std::string without_ending(const std::string& name) { return name.substr(0, name.rfind('.')); }

}  // namespace

void wast2json(const std::vector<std::string>& line) {
  Config config;
  std::string output;
  text::AssembleOptions assembly{.names = false};
  bool check = true;
  uint32_t verbosity = 0;
  ToolOptions options("wast2json", "[OPTIONS] FILE",
                      "Turns a test script into JSON, and its modules into files beside that.");
  options.word("FILE", "A script (.wast), - for standard input");
  add_verbose_option(options, verbosity);
  options.value("-o, --output", "FILE", "Where the JSON goes (default: FILE.json here)", output);
  options.flag("--debug-names", "Write name sections", [&] { assembly.names = true; });
  options.flag("--no-canonicalize-leb128s", "Accepted; modules of scripts are written canonically", [] {});
  options.flag("--no-check", "Do not check that actions fit their modules", [&] { check = false; });
  add_wabt_feature_options(options, config);
  const std::string file = options.parse(line, 1, 1)[0];

  const Input input = read_module_input(file);
  const text::Script script = parse_script_input(input, config);
  if (output.empty()) output = file == "-" ? "stdin.json" : output_name(file, ".json");
  const std::string folder = folder_of(output);
  const script::JsonOptions json_options{file, without_ending(output.substr(folder.size())),
                                         features_of(config), assembly, check};
  const auto write_module = [&](const std::string& name, std::span<const uint8_t> contents,
                                text::ModuleForm form) {
    write_output(folder + name, contents, Contents::binary);
    if (verbosity == 0) return;
    if (form == text::ModuleForm::text)
      list_module(contents, features_of(config), false, stderr);
    else
      print_hex_dump(contents, stderr, "");
  };
  const Progress progress("assembling", input.file.bytes.size());
  const auto json = script::to_json(script, input.text(), json_options, write_module);
  if (!json) fail_at(input, json.error(), true);
  write_output(output, {reinterpret_cast<const uint8_t*>(json->data()), json->size()}, Contents::text);
}

}  // namespace cloche::cli
