// cloche dump FILE...: what a module holds, for people or as JSON: sections, their contents, disassembled
// functions with the operand stack and the source beside them, sizes.
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "binary/decoder.hpp"
#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "cli/io.hpp"
#include "cli/listing_output.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/tools.hpp"
#include "dump/json.hpp"
#include "dump/listing.hpp"
#include "dump/names_shown.hpp"
#include "dump/stack_margin.hpp"
#include "dump/statistics.hpp"
#include "text/parser.hpp"
#include "validate/validate.hpp"

namespace cloche::cli {
namespace {

struct DumpRequest {
  dump::ListingOptions listing;
  dump::MarginOptions margin;
  std::vector<std::string> funcs;  // patterns
  bool json = false;
  bool demangle = false;
  bool sizes = false;

  bool lists_something() const {
    return listing.headers || listing.details || listing.disassemble || listing.full_contents || sizes ||
           json;
  }
};

/// A module's bytes, and the text they were assembled from if there was one.
struct Input {
  platform::FileBytes file;
  std::span<const uint8_t> bytes;
  std::vector<uint8_t> assembled;
  std::shared_ptr<symbols::TextSource> source;
};

bool is_text(const std::string& file, std::span<const uint8_t> bytes) {
  return !binary::has_magic(bytes) && (file.ends_with(".wat") || file.ends_with(".wast"));
}

Input read_module(const std::string& file) {
  Input input;
  input.file = read_input(file);
  input.bytes = input.file.bytes;
  if (!is_text(file, input.bytes)) return input;
  const std::string_view text(reinterpret_cast<const char*>(input.bytes.data()), input.bytes.size());
  auto assembled = [&] {
    const Progress progress("assembling", text.size());
    return text::assemble(text, wasm::FeatureSet::all());
  }();
  if (!assembled) {
    check_file(file, Config(), {});
    finish(exit_failure);
  }
  input.assembled = std::move(assembled->bytes);
  input.bytes = input.assembled;
  input.source = std::make_shared<symbols::TextSource>(
      symbols::TextSource{file, text, input.file.owner, std::move(assembled->offsets)});
  return input;
}

/// What the margin needs: the module, valid, with its symbols. In the order in which they lean on each other.
struct Annotations {
  validate::TypeRegistry registry;
  std::optional<validate::ValidatedModule> module;
  std::unique_ptr<symbols::Symbols> symbols;
  std::unique_ptr<dump::StackMargin> margin;
};

/// Prepares the margin; prints why not, when the module is not valid. Then the listing has none.
void prepare(Annotations& notes, const Input& input, const std::string& file, const DumpRequest& request) {
  if (!request.margin.stack && !request.margin.source) return;
  const Progress progress("checking", input.bytes.size());
  auto decoded = binary::decode(wasm::ModuleBytes(input.bytes, nullptr), wasm::FeatureSet::all());
  auto valid =
      decoded ? validate::validate(std::make_shared<const wasm::Module>(std::move(*decoded)), notes.registry)
              : base::Unexpected{decoded.error()};
  if (!valid) {
    Progress::end_all();
    print_binary_error(input_name(file), valid.error().offset,
                       valid.error().message() + "; nothing can be shown beside instructions");
    return;
  }
  notes.module = std::move(*valid);
  notes.symbols = std::make_unique<symbols::Symbols>(notes.module->module());
  if (input.source) notes.symbols->set_source(input.source);
  notes.margin = std::make_unique<dump::StackMargin>(*notes.module, *notes.symbols, request.margin);
}

std::function<bool(uint32_t)> wanted_funcs(const dump::Index& index,
                                           const std::vector<std::string>& patterns) {
  if (patterns.empty()) return {};
  return [&](uint32_t func) {
    for (const std::string& pattern : patterns)
      if (dump::func_matches(index, pattern, func)) return true;
    return false;
  };
}

void put_size_row(base::Output& out, uint64_t size, uint64_t total) {
  char text[64];
  std::snprintf(text, sizeof text, "%12llu %6.2f %%  ", static_cast<unsigned long long>(size),
                total == 0 ? 0.0 : 100.0 * static_cast<double>(size) / static_cast<double>(total));
  out.put(text);
}

}  // namespace

void put_sizes(base::Output& out, const dump::Index& index, const std::function<bool(uint32_t)>& wanted) {
  out.put("\nSize by section:\n\n");
  for (const dump::Section& section : index.sections) {
    put_size_row(out, section.payload.size, index.module.size());
    out.put(dump::section_kind(section.id));
    if (section.id == binary::custom_section) {
      out.put(" \"");
      dump::put_name(out, section.name);
      out.put('"');
    }
    out.put('\n');
  }
  out.put("\nSize by function:\n\n");
  for (const dump::BodySize& body : dump::body_sizes(index)) {
    if (wanted && !wanted(body.func)) continue;
    put_size_row(out, body.size, index.module.size());
    out.put("func[", body.func, ']');
    dump::put_tag(out, index.names.funcs.get(body.func));
    out.put('\n');
  }
}

namespace {

/// True when nothing is wrong with the file.
bool dump_file(const std::string& file, const DumpRequest& request) {
  const Input input = read_module(file);
  dump::Index index = [&] {
    const Progress progress("reading", input.bytes.size());
    return dump::make_index(input.bytes, wasm::FeatureSet::all());
  }();
  if (request.demangle) dump::demangle_funcs(index);
  const auto wanted = wanted_funcs(index, request.funcs);
  if (request.json) {
    const Progress progress("listing", input.bytes.size(), Progress::Counts::nothing, STDOUT_FILENO);
    StandardOutput out;
    dump::put_json_listing(out, index, input_name(file), {request.listing.disassemble, wanted});
    return index.problems.empty();
  }
  bool good = print_problems(input_name(file), index.problems);
  Annotations notes;
  prepare(notes, input, file, request);
  dump::ListingOptions options = request.listing;
  options.every_name = true;
  options.wanted = wanted;
  options.margin = notes.margin.get();
  Progress progress("listing", input.bytes.size(), Progress::Counts::input, STDOUT_FILENO);
  const dump::Listing* running = nullptr;
  StandardOutput out([&] {
    if (running) progress.at(running->position());
  });
  dump::Listing listing(out, index, options);
  running = &listing;
  listing.write(input_name(file));
  if (request.sizes) put_sizes(out, index, wanted);
  out.flush();
  Progress::end_all();
  good &= print_problems(input_name(file), listing.problems());
  if (listing.section_found()) return good;
  std::fprintf(stderr, "%s: %s no section is named '%s'\n", input_name(file).c_str(),
               error_label("error:").c_str(), options.section.c_str());
  return false;
}

}  // namespace

void dump_verb(const std::vector<std::string>& line) {
  DumpRequest request;
  Options options(
      "dump", "[OPTIONS] FILE...",
      "Shows what modules hold, valid or not. Without -h, -x, -d, -s or --sizes it shows headers and "
      "contents of sections.");
  options.word("FILE...", "Modules in binary or text form (*.wat), - for standard input");
  options.flag("-h, --headers", "Where the sections are", request.listing.headers);
  options.flag("-x, --details", "The contents of sections", request.listing.details);
  options.flag("-d, --disassemble", "The instructions of functions", request.listing.disassemble);
  options.flag("-s, --full-contents", "The bytes of sections", request.listing.full_contents);
  options.value("-j, --section", "NAME", "Only this section in -x and -s", request.listing.section);
  options.flag("-r, --reloc", "Relocations beside what they change", request.listing.relocs);
  options.flag("--section-offsets", "Offsets in -d count from the start of the code section",
               request.listing.section_offsets);
  options.flag("--stack",
               "With -d: what each instruction leaves on the operand stack, - where control does not go on",
               request.margin.stack);
  options.flag("--source", "With -d: file and line, from the text or from DWARF", request.margin.source);
  add_name_list(options, "-f, --func",
                "Only functions of this name or index; * and ? stand for any characters; may "
                "be repeated",
                request.funcs);
  options.flag("--demangle", "Names as C++ and Rust programs wrote them", request.demangle);
  options.flag("--sizes", "What takes up the space: sections, and functions by size", request.sizes);
  options.flag("--json", "All as one JSON object for each file; instructions with -d", request.json);
  const std::vector<std::string> files = options.parse(line, 1);
  if (request.margin.stack || request.margin.source) request.listing.disassemble = true;
  if (!request.lists_something()) request.listing.headers = request.listing.details = true;
  bool good = true;
  for (const std::string& file : files) good &= dump_file(file, request);
  if (!good) finish(exit_failure);
}

}  // namespace cloche::cli
