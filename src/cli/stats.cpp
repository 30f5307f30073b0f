// cloche stats FILE: what takes up a module's space, and how often which instruction stands in it.
#include "base/json_text.hpp"
#include "cli/cli.hpp"
#include "cli/io.hpp"
#include "cli/listing_output.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/tools.hpp"
#include "dump/json.hpp"
#include "dump/names_shown.hpp"
#include "dump/statistics.hpp"

namespace cloche::cli {
namespace {

void put_json_stats(base::Output& out, const std::string& file, const dump::Index& index,
                    const dump::InstructionCounts& counts) {
  out.put("{\"file\":");
  base::put_json_string(out, file);
  out.put(",\"size\":", index.module.size(), ",\"sections\":[");
  std::string_view comma;
  for (const dump::Section& section : index.sections) {
    out.put(comma, "{\"name\":");
    base::put_json_string(out, dump::section_title(section));
    out.put(",\"size\":", section.payload.size, '}');
    comma = ",";
  }
  out.put("],\"functions\":[");
  comma = {};
  for (const dump::BodySize& body : dump::body_sizes(index)) {
    out.put(comma, "{\"index\":", body.func, ",\"name\":");
    base::put_json_string(out, index.names.funcs.get(body.func));
    out.put(",\"size\":", body.size, '}');
    comma = ",";
  }
  out.put("],\"instructions\":", counts.total(), ",\"opcodes\":{");
  comma = {};
  for (const wasm::Op op : counts.opcodes()) {
    out.put(comma, "\"", wasm::op_info(op).text, "\":");
    out.decimal(counts.count(op));
    comma = ",";
  }
  out.put("}}\n");
}

void put_opcodes(base::Output& out, const dump::InstructionCounts& counts) {
  out.put("\nInstructions: ", counts.total(), "\n\n");
  for (const wasm::Op op : counts.opcodes()) {
    const std::string number = std::to_string(counts.count(op));
    out.spaces(number.size() < 12 ? 12 - number.size() : 0);
    out.put(number, "  ", wasm::op_info(op).text, '\n');
  }
}

}  // namespace

void stats(const std::vector<std::string>& line) {
  bool json = false, demangle = false;
  Options options(
      "stats", "[OPTIONS] FILE...",
      "Shows what takes up a module's space, by section and by function, and counts its instructions.");
  options.word("FILE...", "Modules in the binary format, - for standard input");
  options.flag("--json", "One JSON object for each file", json);
  options.flag("--demangle", "Names as C++ and Rust programs wrote them", demangle);
  const std::vector<std::string> files = options.parse(line, 1);
  bool good = true;
  for (const std::string& file : files) {
    const platform::FileBytes input = read_input(file);
    const Progress progress("counting", input.bytes.size());
    dump::Index index = dump::make_index(input.bytes, wasm::FeatureSet::all());
    const dump::InstructionCounts counts(index, index.problems);
    Progress::end_all();
    good &= print_problems(input_name(file), index.problems);
    if (demangle) dump::demangle_funcs(index);
    StandardOutput out;
    if (json) {
      put_json_stats(out, input_name(file), index, counts);
      continue;
    }
    dump::put_name(out, input_name(file));
    out.put(": ", index.module.size(), " bytes\n");
    put_sizes(out, index, {});
    put_opcodes(out, counts);
  }
  if (!good) finish(exit_failure);
}

}  // namespace cloche::cli
