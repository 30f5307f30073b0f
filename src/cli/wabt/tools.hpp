// Commands under the names of wabt's tools: options, output and exit codes are what scripts written for those
// expect. What they share is here; each command has a file beside this one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/output.hpp"
#include "cli/cli.hpp"
#include "dump/index.hpp"

namespace cloche::cli {

/// A row of tools.def.
struct Tool {
  std::string_view name;
  void (*run)(const std::vector<std::string>& line);  // the words after the name
  std::string_view purpose;
};

/// All of them, in the order of tools.def.
const std::vector<Tool>& tools();

/// The command that a program name ("/usr/bin/wasm-objdump") or a verb stands for; null for any other.
const Tool* find_tool(std::string_view program);

/// Options of a command with one or more input files; --version is among them.
class ToolOptions : public Options {
 public:
  ToolOptions(std::string_view name, std::string_view usage, std::string_view purpose);
};

/// Accepts wabt's --enable-X and --disable-X. What belongs to WebAssembly 3.0 is on already; a proposal
/// beyond it is switched on by its flag or by --enable-all.
void add_wabt_feature_options(Options& options, Config& config);

/// Accepts -v, --verbose, repeated for more.
void add_verbose_option(Options& options, uint32_t& level);

/// "FILE:0000022: error: …" on stderr, with the offset in the module.
void print_binary_error(const std::string& file, uint64_t offset, std::string_view message,
                        std::string_view level = "error:");
/// Each problem in that form; false when one of them is more than a warning.
bool print_problems(const std::string& file, const std::vector<dump::Problem>& problems);

/// Writes a module without the custom sections that `keeps` refuses to `output`, or in place when that is
/// empty. Dies when it cannot.
void strip_file(const std::string& file, const std::string& output,
                const std::function<bool(std::string_view)>& keeps);
/// Adds an option that may be repeated and collects names.
void add_name_list(Options& options, std::string_view name, std::string_view help,
                   std::vector<std::string>& names);

/// Whether the custom sections that have a known format are as they should be; prints what is not, with
/// `only_warn` as warnings. wabt's readers refuse modules for it, the specification does not.
bool check_custom_sections(const std::string& file, const wasm::Module& module, bool with_names,
                           bool only_warn);

/// The sizes of sections and, the largest first, of function bodies; of all functions where `wanted` is
/// empty.
void put_sizes(base::Output& out, const dump::Index& index, const std::function<bool(uint32_t)>& wanted);

#define TOOL(name, function, purpose) void function(const std::vector<std::string>& line);
#include "cli/wabt/tools.def"
#undef TOOL

}  // namespace cloche::cli
