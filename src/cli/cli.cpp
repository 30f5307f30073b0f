#include "cli/cli.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "cli/diagnose.hpp"
#include "cli/progress.hpp"
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

bool use_color(int descriptor) {
  const auto is_set = [](const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != 0;
  };
  if (is_set("NO_COLOR")) return false;
  return is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE") || isatty(descriptor) != 0;
}

std::string error_label(std::string_view word) {
  static const bool color = use_color(STDERR_FILENO);
  return color ? "\033[1;31m" + std::string(word) + "\033[0m" : std::string(word);
}

void finish(ExitCode code) {
  Progress::end_all();
  const bool written = std::fflush(stdout) == 0;
  std::exit(code == exit_ok && !written ? exit_failure : code);
}

void die(ExitCode code, std::string_view message) {
  Progress::end_all();
  std::fprintf(stderr, "%s %.*s\n", error_label("error:").c_str(), static_cast<int>(message.size()),
               message.data());
  finish(code);
}

void usage_error(std::string_view verb, const std::string& message) {
  const std::string command = verb.empty() ? "cloche" : "cloche " + std::string(verb);
  die(exit_usage, message + "\nTry " + command + " --help");
}

void tool_usage_error(std::string_view tool, const std::string& message) {
  std::fprintf(stderr, "%.*s: %s\nTry '--help' for more information.\n", static_cast<int>(tool.size()),
               tool.data(), message.c_str());
  finish(exit_failure);
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
  std::fprintf(stderr, "%s %s", error_label("trap:").c_str(), trap.report().c_str());
}

void add_feature_option(Options& options, Config& config) {
  options.value("--feature", "[-]NAME", "Switch a feature on (NAME) or off (-NAME); may be repeated",
                [&config](const std::string& word) -> std::optional<std::string> {
                  const bool on = !word.starts_with('-');
                  if (config.set_feature(on ? word : word.substr(1), on)) return std::nullopt;
                  std::vector<std::string> names;
                  for (const std::string_view name : Config::feature_names()) names.emplace_back(name);
                  return "no feature is named '" + word + "'" +
                         did_you_mean(on ? word : word.substr(1), names);
                });
  std::string names = "Features:";
  for (const std::string_view name : Config::feature_names()) {
    names += " " + std::string(name);
    if (!config.has_feature(name)) names += " (off)";
  }
  options.footer(names);
}

void add_engine_options(Options& options, Config& config) {
  options.flag("--no-guard-pages", "Check the bounds of every memory access in code",
               [&config] { config.guard_pages = false; });
  options.flag("--no-quicken", "Run the module's original bytes only",
               [&config] { config.quickening = Quickening::never; });
  options.flag("--quicken-always", "Quicken every function before its first call",
               [&config] { config.quickening = Quickening::always; });
  options.flag("--deterministic", "One fixed result where the specification allows several",
               [&config] { config.deterministic = true; });
  options.flag("--gc-stress", "Collect garbage at every allocation", [&config] { config.gc_stress = true; });
  options.number("--max-frames", "Calls that may be active at once", config.max_frames);
  options.number("--value-stack-bytes", "Size of the value stack", config.value_stack_bytes);
}

Engine make_engine(const Config& config) {
  auto engine = Engine::create(config);
  if (!engine) die(exit_failure, engine.error().message());
  return *engine;
}

Result<Module> load_module(const Engine& engine, const std::string& file) {
  std::error_code unknown;
  const auto size = std::filesystem::file_size(file, unknown);
  const Progress progress("loading", unknown ? 0 : size);
  return Module::from_file(engine, file);
}

}  // namespace cloche::cli
