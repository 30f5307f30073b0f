#include "cli/cli.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "diagnostics/excerpt.hpp"
#include "diagnostics/printable.hpp"
#include "platform/files.hpp"

namespace cloche::cli {
namespace {

using diagnostics::printable;

/// The line of the file that a place is in, marked; nothing when the file can no longer be read.
void print_excerpt(const std::string& file, const SourcePosition& place) {
  const auto contents = platform::read_file(file, text::max_source_bytes);
  if (!contents) return;
  const text::SourceText source(
      {reinterpret_cast<const char*>(contents->bytes.data()), contents->bytes.size()});
  std::fputs(diagnostics::excerpt(source, {place.line, place.column}).c_str(), stderr);
}

}  // namespace

std::string error_label(std::string_view word) {
  static const bool color = isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  return color ? "\033[1;31m" + std::string(word) + "\033[0m" : std::string(word);
}

void die(ExitCode code, std::string_view message) {
  std::fprintf(stderr, "%s %.*s\n", error_label("error:").c_str(), static_cast<int>(message.size()),
               message.data());
  throw Exit{code};
}

void print_error(const std::string& file, const Error& error) {
  std::string place = printable(file);
  if (error.position()) {
    place += ":" + std::to_string(error.position()->line) + ":" + std::to_string(error.position()->column);
  } else if (error.offset()) {
    char offset[32];
    std::snprintf(offset, sizeof offset, ":0x%llx", static_cast<unsigned long long>(*error.offset()));
    place += offset;
  }
  std::fprintf(stderr, "%s: %s %s\n", place.c_str(), error_label("error:").c_str(),
               printable(error.message()).c_str());
  if (error.position()) print_excerpt(file, *error.position());
}

void print_trap(const Trap& trap) {
  std::fprintf(stderr, "%s %s%s%s\n", error_label("trap:").c_str(), trap.reason.c_str(),
               trap.detail.empty() ? "" : ": ", printable(trap.detail).c_str());
  size_t number = 0;
  for (const TraceFrame& frame : trap.trace) {
    const std::string name = frame.function.empty() ? "function " + std::to_string(frame.function_index)
                                                    : "$" + printable(frame.function);
    if (frame.is_host)
      std::fprintf(stderr, "  %zu: %s (host)\n", number, name.c_str());
    else
      std::fprintf(stderr, "  %zu: %s at 0x%llx\n", number, name.c_str(),
                   static_cast<unsigned long long>(frame.offset));
    ++number;
    if (trap.frames_omitted != 0 && number == trap.trace.size() / 2) {
      std::fprintf(stderr, "  … %u more\n", trap.frames_omitted);
      number += trap.frames_omitted;
    }
  }
}

void add_feature_option(CLI::App& command, Config& config) {
  command
      .add_option_function<std::vector<std::string>>(
          "--feature",
          [&config](const std::vector<std::string>& names) {
            for (const std::string& word : names) {
              const bool on = word[0] != '-';
              if (!config.set_feature(on ? word : word.substr(1), on))
                throw CLI::ValidationError("--feature", "no feature is named '" + word + "'");
            }
          },
          "Switch a feature on (NAME) or off (-NAME); may be repeated")
      ->type_name("NAME|-NAME")
      ->expected(1)
      ->allow_extra_args(false)  // one value for each --feature: what follows is a file
      ->take_all();
  std::string names;
  for (const std::string_view name : Config::feature_names())
    names += (names.empty() ? "" : ", ") + std::string(name);
  command.footer("Features: " + names);
}

void add_engine_options(CLI::App& command, Config& config) {
  command.add_flag_callback(
      "--no-guard-pages", [&config] { config.guard_pages = false; },
      "Check the bounds of every memory access in code");
  command.add_flag_callback(
      "--no-quicken", [&config] { config.quickening = Quickening::never; },
      "Run the module's original bytes only");
  command.add_flag_callback(
      "--quicken-always", [&config] { config.quickening = Quickening::always; },
      "Quicken every function before its first call");
  command.add_flag("--deterministic", config.deterministic,
                   "One fixed result where the specification allows several");
  command.add_flag("--gc-stress", config.gc_stress, "Collect garbage at every allocation");
  command.add_option("--max-frames", config.max_frames, "Calls that may be active at once")
      ->capture_default_str();
  command.add_option("--value-stack-bytes", config.value_stack_bytes, "Size of the value stack")
      ->capture_default_str();
}

Engine make_engine(const Config& config) {
  auto engine = Engine::create(config);
  if (!engine) die(exit_failure, engine.error().message());
  return *engine;
}

}  // namespace cloche::cli
