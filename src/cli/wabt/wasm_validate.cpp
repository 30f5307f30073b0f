// wasm-validate FILE: silent when the binary module is valid, all errors otherwise.
#include "cli/io.hpp"
#include "cli/modules.hpp"
#include "cli/wabt/tools.hpp"
#include "dump/check_customs.hpp"

namespace cloche::cli {

bool check_custom_sections(const std::string& file, const wasm::Module& module, bool with_names,
                           bool only_warn) {
  std::vector<dump::Problem> problems = dump::check_customs(module);
  std::erase_if(problems,
                [&](const dump::Problem& problem) { return problem.section == "name" && !with_names; });
  for (dump::Problem& problem : problems) problem.is_warning = only_warn;
  return print_problems(file, problems);
}

void wasm_validate(const std::vector<std::string>& line) {
  Config config;
  uint32_t verbosity = 0;
  bool no_names = false, ignore_customs = false;
  ToolOptions options("wasm-validate", "[OPTIONS] FILE",
                      "Checks that a binary module is well-formed and valid.");
  options.word("FILE", "A module in the binary format, - for standard input");
  add_verbose_option(options, verbosity);
  options.flag("--no-debug-names", "Leave the name section unread", no_names);
  options.flag("--ignore-custom-section-errors", "Accept damaged custom sections", ignore_customs);
  add_wabt_feature_options(options, config);
  const std::string file = options.parse(line, 1, 1)[0];

  const Input input{input_name(file), read_input(file)};
  const auto module = load_binary(input, config, true);
  if (!check_custom_sections(input.name, *module, !no_names, ignore_customs)) finish(exit_failure);
}

}  // namespace cloche::cli
