// wasm-objdump FILE...: lists what binary modules hold, in the format of wabt's command.
#include <unistd.h>

#include <cstdio>

#include "cli/io.hpp"
#include "cli/listing_output.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/tools.hpp"
#include "dump/listing.hpp"

namespace cloche::cli {
namespace {

std::string base_name(const std::string& file) { return file.substr(file.rfind('/') + 1); }

/// What --debug adds, on stderr: where each part was found.
void print_debug(const dump::Index& index) {
  for (const dump::Section& section : index.sections)
    std::fprintf(stderr, "%07x: section %.*s, %u bytes\n", section.start,
                 static_cast<int>(dump::section_title(section).size()), dump::section_title(section).data(),
                 section.payload.size);
  std::fprintf(stderr,
               "%zu functions, %u of them imported; %zu symbols, %zu relocations of code, %zu of data\n",
               index.func_types.size(), index.imported_funcs, index.symbols.size(), index.code_relocs.size(),
               index.data_relocs.size());
}

/// Lists one file; false when anything is wrong with it.
bool list_file(const std::string& file, const dump::ListingOptions& options, bool debug) {
  const platform::FileBytes input = read_input(file);
  const dump::Index index = [&] {
    const Progress progress("reading", input.bytes.size());
    return dump::make_index(input.bytes, wasm::FeatureSet::all());
  }();
  bool good = print_problems(input_name(file), index.problems);
  if (debug) print_debug(index);
  Progress progress("listing", input.bytes.size(), Progress::Counts::input, STDOUT_FILENO);
  const dump::Listing* running = nullptr;
  StandardOutput out([&] { progress.at(running->position()); });
  dump::Listing listing(out, index, options);
  running = &listing;
  listing.write(base_name(input_name(file)));
  out.flush();
  Progress::end_all();
  good &= print_problems(input_name(file), listing.problems());
  if (listing.section_found()) return good;
  std::fprintf(stderr, "Section not found: %s\n", options.section.c_str());
  return false;
}

}  // namespace

void wasm_objdump(const std::vector<std::string>& line) {
  dump::ListingOptions listing;
  bool debug = false;
  ToolOptions options(
      "wasm-objdump", "[OPTIONS] FILE...",
      "Lists what modules in the binary format hold, valid or not. At least one of -h, -x, -d "
      "and -s says what to list.");
  options.word("FILE...", "Modules in the binary format, - for standard input");
  options.flag("-h, --headers", "Where the sections are", listing.headers);
  options.value("-j, --section", "NAME", "Only this section in -x and -s", listing.section);
  options.flag("-s, --full-contents", "The bytes of sections", listing.full_contents);
  options.flag("-d, --disassemble", "The instructions of functions", listing.disassemble);
  options.flag("--debug", "Also, on standard error, what was found where", debug);
  options.flag("-x, --details", "The contents of sections", listing.details);
  options.flag("-r, --reloc", "Relocations beside what they change", listing.relocs);
  options.flag("--section-offsets", "Offsets in -d count from the start of the code section",
               listing.section_offsets);
  const std::vector<std::string> files = options.parse(line, 1);
  if (!listing.headers && !listing.details && !listing.disassemble && !listing.full_contents)
    options.refuse("nothing to list: give at least one of -h, -x, -d and -s");
  for (const std::string& file : files)
    if (!list_file(file, listing, debug)) finish(exit_failure);
}

}  // namespace cloche::cli
