// The shell commands: one file each. This header holds what they share: exit codes, options and error output.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"
#include "cloche/cloche.hpp"

namespace cloche::cli {

/// Exit codes, the same for every command. A trap's is that of a program that aborted.
enum ExitCode : int { exit_ok = 0, exit_failure = 1, exit_usage = 2, exit_trap = 134 };

/// Ends the process; output that cannot be written makes exit_ok an exit_failure. (Not by an exception: the
/// first one of a static executable costs more than running a small module.)
[[noreturn]] void finish(ExitCode code);

/// Prints "error: MESSAGE" to stderr and ends with the code.
[[noreturn]] void die(ExitCode code, std::string_view message);

/// The same with exit_usage and a hint where to find help; an empty verb is the command itself.
[[noreturn]] void usage_error(std::string_view verb, const std::string& message);

/// The same for a command under one of wabt's names, where wrong usage is exit_failure.
[[noreturn]] void tool_usage_error(std::string_view tool, const std::string& message);

/// "FILE:LINE:COLUMN: error: …" and the line itself for text, "FILE:0xOFFSET: error: …" for binaries, to
/// stderr.
void print_error(const std::string& file, const Error& error);

/// "trap: REASON", then the backtrace, to stderr.
void print_trap(const Trap& trap);

/// Whether to color what goes to a descriptor: it is a terminal, or FORCE_COLOR or CLICOLOR_FORCE is
/// set; never with NO_COLOR.
bool use_color(int descriptor);

/// Bold red "error:" where stderr takes color.
std::string error_label(std::string_view word);

/// Adds --feature, which every command takes: NAME switches on, -NAME switches off.
void add_feature_option(Options& options, Config& config);

/// Adds the options that choose how modules are executed.
void add_engine_options(Options& options, Config& config);

/// The engine of a configuration; dies when the host refuses it.
Engine make_engine(const Config& config);

/// Module::from_file, with a line of progress.
Result<Module> load_module(const Engine& engine, const std::string& file);

/// One of cloche's own verbs.
struct Verb {
  std::string_view name;
  void (*run)(const std::vector<std::string>& line);  // takes the words after its name
  std::string_view purpose;
};

/// All of them, in the order in which help lists them.
std::span<const Verb> verbs();

/// What `cloche --help` prints.
void print_command_help();

// The verbs. Each takes the words after its name.
void run(const std::vector<std::string>& line);
void trace(const std::vector<std::string>& line);
void dump_verb(const std::vector<std::string>& line);
void stats(const std::vector<std::string>& line);
void strip(const std::vector<std::string>& line);
void validate(const std::vector<std::string>& line);
void debug_verb(const std::vector<std::string>& line);
void explain(const std::vector<std::string>& line);
void memory(const std::vector<std::string>& line);
void wast(const std::vector<std::string>& line);
void help(const std::vector<std::string>& line);
void man(const std::vector<std::string>& line);
void completion(const std::vector<std::string>& line);
void assemble(const std::vector<std::string>& line);
void print_module(const std::vector<std::string>& line);

}  // namespace cloche::cli
