// wasm2wat FILE: a module in the binary format as text, spelled as wabt spells it.
#include "cli/modules.hpp"
#include "cli/text_output.hpp"
#include "cli/wabt/text_style.hpp"
#include "dump/symbol_names.hpp"

namespace cloche::cli {

void wasm2wat(const std::vector<std::string>& line) {
  Config config;
  text::PrintOptions print = wabt_text_style();
  std::string output = "-";
  bool check = true, ignore_customs = false;
  uint32_t verbosity = 0;
  ToolOptions options("wasm2wat", "[OPTIONS] FILE", "Prints a module in the binary format as text.");
  options.word("FILE", "A module in the binary format, - for standard input");
  add_verbose_option(options, verbosity);
  options.value("-o, --output", "FILE", "Where the text goes; standard output if nothing is said", output);
  add_text_style_options(options, print);
  options.flag("--no-debug-names", "Leave the name section unread", [&] { print.use_names = false; });
  options.flag("--ignore-custom-section-errors", "Accept damaged custom sections", ignore_customs);
  options.flag("--no-check", "Print modules that are not valid, too", [&] { check = false; });
  options.flag("--enable-annotations", "Print custom sections as annotations",
               [&] { print.custom_sections = true; });
  add_wabt_feature_options(options, config);
  const Input input = read_module_input(options.parse(line, 1, 1)[0]);

  const auto module = load_binary(input, config, check);
  if (!check_custom_sections(input.name, *module, print.use_names, ignore_customs)) finish(exit_failure);
  const binary::NameSection symbols = dump::symbol_names(*module);
  print.other_names = &symbols;
  if (const auto printed = print_to(output, *module, print); !printed) fail_at(input, printed.error(), false);
}

}  // namespace cloche::cli
