// wasm-validate FILE: silent when the binary module is valid, an error otherwise.
#include "api/config.hpp"
#include "binary/decoder.hpp"
#include "cli/io.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/tools.hpp"
#include "validate/validate.hpp"

namespace cloche::cli {
namespace {

wasm::Result<void> check(std::span<const uint8_t> bytes, wasm::FeatureSet features) {
  auto module =
      std::make_shared<const wasm::Module>(TRY(binary::decode(wasm::ModuleBytes(bytes, nullptr), features)));
  validate::TypeRegistry registry;
  TRY(validate::validate(std::move(module), registry));
  return {};
}

}  // namespace

bool check_custom_sections(const std::string& file, std::span<const uint8_t> bytes, bool with_names) {
  dump::Index index = dump::make_index(bytes, wasm::FeatureSet::all());
  std::erase_if(index.problems, [&](const dump::Problem& problem) {
    return !problem.is_warning || (problem.section == "name" && !with_names);
  });
  for (dump::Problem& problem : index.problems) problem.is_warning = false;
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

  const platform::FileBytes input = read_input(file);
  const auto checked = [&] {
    const Progress progress("checking", input.bytes.size());
    return check(input.bytes, detail::runtime_config(config).features);
  }();
  if (!checked)
    print_binary_error(input_name(file), checked.error().offset, checked.error().message());
  else if (ignore_customs || check_custom_sections(input_name(file), input.bytes, !no_names))
    return;
  finish(exit_failure);
}

}  // namespace cloche::cli
