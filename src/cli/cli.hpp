// The shell commands: one file each. This header holds what they share: exit codes, options and error output.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cloche/cloche.hpp"

namespace cloche::cli {

/// Exit codes, the same for every command. A trap's is that of a program that aborted.
enum ExitCode : int { exit_ok = 0, exit_failure = 1, exit_usage = 2, exit_trap = 134 };

/// Thrown by a command to end the process with a code after it has said why.
struct Exit {
  int code;
};

/// Prints "error: MESSAGE" to stderr and ends with the code.
[[noreturn]] void die(ExitCode code, std::string_view message);

/// "FILE:LINE:COLUMN: error: …" and the line itself for text, "FILE:0xOFFSET: error: …" for binaries, to
/// stderr.
void print_error(const std::string& file, const Error& error);

/// "trap: REASON", then the backtrace, to stderr.
void print_trap(const Trap& trap);

/// Bold red "error:" where stderr is a terminal and NO_COLOR is not set.
std::string error_label(std::string_view word);

/// Adds --feature, which every command takes: NAME switches on, -NAME switches off.
void add_feature_option(CLI::App& command, Config& config);

/// Adds the options that choose how modules are executed.
void add_engine_options(CLI::App& command, Config& config);

/// The engine of a configuration; dies when the host refuses it.
Engine make_engine(const Config& config);

/// Marks a word that must be taken as it is, although it looks like an option: a negative number.
inline constexpr char literal_mark = '\x01';
inline std::string without_mark(const std::string& word) {
  return !word.empty() && word[0] == literal_mark ? word.substr(1) : word;
}

void add_run(CLI::App& app);
void add_validate(CLI::App& app);
void add_wast(CLI::App& app);

}  // namespace cloche::cli
