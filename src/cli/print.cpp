// cloche print FILE: a module as text worth reading.
#include "binary/decoder.hpp"
#include "cli/cli.hpp"
#include "cli/modules.hpp"
#include "cli/text_output.hpp"
#include "text/printer.hpp"

namespace cloche::cli {

void print_module(const std::vector<std::string>& line) {
  Config config;
  text::PrintOptions print;
  std::string output = "-";
  bool check = true;
  Options options(
      "print", "[OPTIONS] FILE",
      "Prints a module as text that assembles to the same bytes again: names as identifiers, custom "
      "sections as annotations.");
  options.word("FILE", "A module in binary or text form, - for standard input");
  options.value("-o, --output", "FILE", "Where the text goes; standard output if nothing is said", output);
  options.flag("-f, --fold", "Write operands within their operators", print.folded);
  options.flag("--inline-exports", "Write exports within what they export", print.inline_exports);
  options.flag("--inline-imports", "Write imports within what they import", print.inline_imports);
  options.flag("--generate-names", "Make up names for what has none", print.generate_names);
  options.flag("--no-names", "Use indices only", [&] { print.use_names = false; });
  options.flag("--no-custom", "Leave custom sections out", [&] { print.custom_sections = false; });
  options.flag("--no-comments", "Leave out the comments with indices and depths of blocks",
               [&] { print.index_comments = print.depth_comments = false; });
  options.flag("--no-check", "Print modules that are not valid, too", [&] { check = false; });
  add_feature_option(options, config);
  Input input = read_module_input(options.parse(line, 1, 1)[0]);

  text::Assembled assembled;
  const bool is_text = !binary::has_magic(input.file.bytes);
  if (is_text) assembled = assemble_input(input, config, {}, check);
  const auto module = is_text ? decode_assembled(assembled, config) : load_binary(input, config, check);
  if (!module) die(exit_failure, "the text describes a module in binary form that is damaged");
  if (const auto printed = print_to(output, *module, print); !printed)
    fail_at(input, is_text ? assembled.offsets.to_source(printed.error()) : printed.error(), is_text);
}

}  // namespace cloche::cli
