// wat-desugar FILE: text with all its abbreviations spelled out, in the order it was written.
#include "cli/modules.hpp"
#include "cli/progress.hpp"
#include "cli/text_output.hpp"
#include "cli/wabt/text_style.hpp"
#include "text/script.hpp"

namespace cloche::cli {
namespace {

/// The first module of a script; a module alone is such a script.
text::Assembled assemble_first(const Input& input, const Config& config) {
  const text::Script script = parse_script_input(input, config);
  for (const text::Command& command : script.commands) {
    if (command.kind != text::CommandKind::module) continue;
    const Progress progress("assembling", input.file.bytes.size());
    auto assembled = text::assemble(*command.module, input.text(), features_of(config), {.layout = true});
    if (!assembled) fail_at(input, assembled.error(), command.module->form == text::ModuleForm::text);
    return std::move(*assembled);
  }
  die(exit_failure, "no module in file.");
}

}  // namespace

void wat_desugar(const std::vector<std::string>& line) {
  Config config;
  text::PrintOptions print = wabt_text_style();
  std::string output = "-";
  ToolOptions options("wat-desugar", "[OPTIONS] FILE",
                      "Prints a module in the text format without abbreviations, in its own order.");
  options.word("FILE", "A module in the text format, - for standard input");
  options.value("-o, --output", "FILE", "Where the text goes; standard output if nothing is said", output);
  add_text_style_options(options, print);
  add_wabt_feature_options(options, config);
  const Input input = read_module_input(options.parse(line, 1, 1)[0]);

  const text::Assembled assembled = assemble_first(input, config);
  const auto module = decode_assembled(assembled, config);
  if (!module) die(exit_failure, "the text describes a module in binary form that is damaged");
  print.layout = assembled.layout.items.empty() ? nullptr : &assembled.layout;
  if (const auto printed = print_to(output, *module, print); !printed)
    fail_at(input, assembled.offsets.to_source(printed.error()), true);
}

}  // namespace cloche::cli
