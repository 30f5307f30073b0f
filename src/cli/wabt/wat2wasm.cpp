// wat2wasm FILE: a module in the text format to the binary format.
#include <cstdio>

#include "cli/cli.hpp"
#include "cli/io.hpp"
#include "cli/modules.hpp"
#include "cli/output_name.hpp"
#include "cli/wabt/hex_dump.hpp"
#include "cli/wabt/module_listing.hpp"
#include "cli/wabt/relocatable.hpp"
#include "cli/wabt/tools.hpp"
#include "cli/wabt/wide_sizes.hpp"
#include "diagnostics/printable.hpp"
#include "text/lexer.hpp"

namespace cloche::cli {

namespace {

/// The object file of a module that was assembled with its names; they stay only if asked for.
std::vector<uint8_t> object_file(const text::Assembled& assembled, const Config& config, bool keeps_names) {
  const auto decoded = decode_assembled(assembled, config);
  if (!decoded) die(exit_failure, "the module is damaged");
  const binary::NameSection names = binary::decode_names(*decoded);
  wasm::Module module = *decoded;
  if (!keeps_names)
    std::erase_if(module.customs, [](const wasm::CustomSection& custom) { return custom.name == "name"; });
  auto bytes = make_relocatable(module, names);
  if (!bytes) die(exit_failure, bytes.error().message());
  return std::move(*bytes);
}

/// Says that there is nothing in the text; what it assembles to is a module nevertheless.
void warn_of_empty_text(const Input& input) {
  text::ErrorSlot errors;
  text::Lexer lexer(input.text(), 0, static_cast<uint32_t>(input.text().size()), errors);
  if (lexer.next().kind != text::TokenKind::end) return;
  const text::LineColumn end = text::line_column(input.text(), input.text().size());
  std::fprintf(stderr, "%s:%llu:%llu: %s empty module\n", diagnostics::printable(input.name).c_str(),
               static_cast<unsigned long long>(end.line), static_cast<unsigned long long>(end.column),
               error_label("warning:").c_str());
}

}  // namespace

void wat2wasm(const std::vector<std::string>& line) {
  Config config;
  std::string output;
  bool check = true;
  bool dump = false;
  bool wide = false;
  bool relocatable = false;
  bool debug_names = false;
  uint32_t verbosity = 0;
  ToolOptions options("wat2wasm", "[OPTIONS] FILE",
                      "Turns a module in the text format into the binary format.");
  options.word("FILE", "A module in the text format, - for standard input");
  add_verbose_option(options, verbosity);
  options.flag("-d, --dump-module", "Print the bytes of the module", dump);
  options.value("-o, --output", "FILE",
                "Where the module goes, - for standard output (default: FILE.wasm here)", output);
  options.flag("-r, --relocatable", "Write an object file, for a linker", relocatable);
  options.flag("--debug-names", "Write a name section", debug_names);
  options.flag("--no-canonicalize-leb128s", "Write sizes as numbers of five bytes", wide);
  options.flag("--no-check", "Do not check that the module is valid", [&] { check = false; });
  add_wabt_feature_options(options, config);
  const std::string file = options.parse(line, 1, 1)[0];

  const text::AssembleOptions assembly{.names = debug_names || relocatable, .offsets = false};
  const Input input = read_text_input(file);
  text::Assembled assembled = assemble_input(input, config, assembly, check);
  warn_of_empty_text(input);
  if (relocatable) assembled.bytes = object_file(assembled, config, debug_names);
  if (wide) assembled.bytes = with_wide_sizes(assembled.bytes);
  if (verbosity != 0) list_module(assembled.bytes, features_of(config), wide, stderr);
  if (dump) print_hex_dump(assembled.bytes);
  if (output.empty()) output = output_name(file, ".wasm");
  write_output(output, assembled.bytes, Contents::binary);
}

}  // namespace cloche::cli
