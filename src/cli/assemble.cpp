// cloche assemble FILE: a module in the text format to the binary format.
#include "cli/cli.hpp"
#include "cli/io.hpp"
#include "cli/modules.hpp"
#include "cli/output_name.hpp"

namespace cloche::cli {

void assemble(const std::vector<std::string>& line) {
  Config config;
  text::AssembleOptions assembly{.offsets = false};
  std::string output;
  bool check = true;
  Options options("assemble", "[OPTIONS] FILE",
                  "Turns a module in the text format into the binary format. Identifiers are kept, in a name "
                  "section: backtraces and other commands call things by them.");
  options.word("FILE", "A module in the text format, - for standard input");
  options.value("-o, --output", "FILE",
                "Where the module goes, - for standard output (default: FILE.wasm here)", output);
  options.flag("--no-names", "Leave the name section out", [&] { assembly.names = false; });
  options.flag("--no-check", "Do not check that the module is valid", [&] { check = false; });
  add_feature_option(options, config);
  const std::string file = options.parse(line, 1, 1)[0];

  const text::Assembled assembled = assemble_input(read_text_input(file), config, assembly, check);
  if (output.empty()) output = output_name(file, ".wasm");
  write_output(output, assembled.bytes, Contents::binary);
}

}  // namespace cloche::cli
