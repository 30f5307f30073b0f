// wasm-validate FILE: silent when the binary module is valid, all errors otherwise.
#include "cli/diagnose.hpp"
#include "cli/io.hpp"
#include "cli/modules.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/tools.hpp"
#include "diagnostics/check.hpp"

namespace cloche::cli {
namespace {

/// Whether the module is valid; prints all that is wrong with it.
bool check_module(const Input& input, const Config& config) {
  const diagnostics::Report report = [&] {
    const Progress progress("checking", input.file.bytes.size());
    return diagnostics::check_binary(input.file.bytes, usual_check(config, input.file.bytes.size()));
  }();
  print_report(report, input.name, {}, {});
  return report.ok();
}

}  // namespace

bool check_custom_sections(const std::string& file, std::span<const uint8_t> bytes, bool with_names,
                           bool only_warn) {
  dump::Index index = dump::make_index(bytes, wasm::FeatureSet::all());
  std::erase_if(index.problems, [&](const dump::Problem& problem) {
    return !problem.is_warning || (problem.section == "name" && !with_names);
  });
  for (dump::Problem& problem : index.problems) problem.is_warning = only_warn;
  return print_problems(file, index.problems);
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
  if (!check_module(input, config)) finish(exit_failure);
  if (!check_custom_sections(input.name, input.file.bytes, !no_names, ignore_customs)) finish(exit_failure);
}

}  // namespace cloche::cli
