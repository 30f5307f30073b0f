// wasm-stats FILE, in older versions wasm-opcodecnt: counts the instructions of a binary module.
#include "cli/io.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/tools.hpp"
#include "dump/statistics.hpp"

namespace cloche::cli {

namespace {

void count(std::string_view tool, const std::vector<std::string>& line) {
  Config config;
  std::string output = "-", separator = ": ";
  uint64_t cutoff = 0;
  uint32_t verbosity = 0;
  ToolOptions options(tool, "[OPTIONS] FILE", "Counts instructions, by opcode and with immediates.");
  options.word("FILE", "A module in the binary format, - for standard input");
  add_verbose_option(options, verbosity);
  options.value("-o, --output", "FILE", "Where the counts go, instead of standard output", output);
  options.number("-c, --cutoff", "Leave out what occurs less often", cutoff);
  options.value("-s, --separator", "TEXT", "What stands before a count (default: \": \")", separator);
  add_wabt_feature_options(options, config);
  const std::string file = options.parse(line, 1, 1)[0];

  const platform::FileBytes input = read_input(file);
  const Progress progress("counting", input.bytes.size());
  dump::Index index = dump::make_index(input.bytes, wasm::FeatureSet::all());
  const dump::InstructionCounts counts(index, index.problems);
  Progress::end_all();
  if (!print_problems(input_name(file), index.problems)) finish(exit_failure);
  base::StringOutput out;
  dump::put_statistics(out, index, counts, cutoff, separator);
  const std::string& text = out.text();
  write_output(output, {reinterpret_cast<const uint8_t*>(text.data()), text.size()}, Contents::text);
}

}  // namespace

void wasm_stats(const std::vector<std::string>& line) { count("wasm-stats", line); }

void wasm_opcodecnt(const std::vector<std::string>& line) { count("wasm-opcodecnt", line); }

}  // namespace cloche::cli
