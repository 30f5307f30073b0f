// wasm-validate FILE: silent when the binary module is valid, an error otherwise.
#include "cli/io.hpp"
#include "cli/wabt/tools.hpp"

namespace cloche::cli {

void wasm_validate(const std::vector<std::string>& line) {
  Config config;
  uint32_t verbosity = 0;
  ToolOptions options("wasm-validate", "[OPTIONS] FILE",
                      "Checks that a binary module is well-formed and valid.");
  options.word("FILE", "A module in the binary format, - for standard input");
  add_verbose_option(options, verbosity);
  options.flag("--no-debug-names", "Leave the name section unread", [] {});
  options.flag("--ignore-custom-section-errors", "Accept damaged custom sections", [] {});
  add_wabt_feature_options(options, config);
  const std::string file = options.parse(line, 1, 1)[0];

  const auto module = Module::from_binary(make_engine(config), read_input(file).bytes);
  if (module) return;
  print_error(input_name(file), module.error());
  finish(exit_failure);
}

}  // namespace cloche::cli
