// Entry point of the `cloche` command: finds the verb.
#include <cstdio>

#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "cli/wabt/tools.hpp"

namespace cloche::cli {
namespace {

constexpr Verb all_verbs[] = {
    {"run", run, "Instantiate a module and call a function"},
    {"debug", debug_verb, "Run a module in a debugger that also goes back"},
    {"explain", explain, "Show what each instruction does, without running it"},
    {"memory", memory, "Show what lies where in a linear memory, before or after a run"},
    {"trace", trace, "Run, and print a row for each executed instruction"},
    {"validate", validate, "Check that modules are well-formed and valid"},
    {"dump", dump_verb, "Show what a module holds: sections, functions, sizes"},
    {"stats", stats, "Show what takes up a module's space, and count its instructions"},
    {"strip", strip, "Take custom sections out of a module"},
    {"wast", wast, "Run test scripts"},
    {"assemble", assemble, "Turn text into a binary module"},
    {"print", print_module, "Print a module as text"},
    {"help", help, "Explain a concept, such as the value stack, or a verb"},
    {"man", man, "Print a manual page"},
    {"completion", completion, "Print a script that completes words in a shell"},
};

void print_entry(std::string_view name, std::string_view purpose) {
  std::printf("  %-17.*s%.*s\n", static_cast<int>(name.size()), name.data(), static_cast<int>(purpose.size()),
              purpose.data());
}

}  // namespace

std::span<const Verb> verbs() { return all_verbs; }

void print_command_help() {
  std::printf(
      "Cloche: a WebAssembly engine and toolkit that you can see into.\n\nusage: cloche VERB ...\n\n");
  for (const Verb& verb : all_verbs) print_entry(verb.name, verb.purpose);
  std::printf("\nUnder wabt's names, also as commands of their own:\n\n");
  for (const Tool& tool : tools()) print_entry(tool.name, tool.purpose);
  std::printf("\n  --help      This text; after a verb, the verb's own\n  --version   The version\n");
}

namespace {

void dispatch(const std::vector<std::string>& line) {
  if (line.empty()) usage_error("", "a verb is missing");
  for (const Verb& verb : all_verbs)
    if (line[0] == verb.name) return verb.run({line.begin() + 1, line.end()});
  if (const Tool* const tool = find_tool(line[0])) return tool->run({line.begin() + 1, line.end()});
  if (line[0] == "--help" || line[0] == "-h") return print_command_help();
  if (line[0] == "--version") return static_cast<void>(std::puts("cloche " CLOCHE_VERSION));
  std::vector<std::string> names;
  for (const Verb& verb : all_verbs) names.emplace_back(verb.name);
  for (const Tool& tool : tools()) names.emplace_back(tool.name);
  usage_error("", "there is no verb '" + line[0] + "'" + did_you_mean(line[0], names));
}

}  // namespace
}  // namespace cloche::cli

int main(int argc, char** argv) {
  const std::vector<std::string> line(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (const auto* const tool = argc > 0 ? cloche::cli::find_tool(argv[0]) : nullptr)
    tool->run(line);
  else
    cloche::cli::dispatch(line);
  cloche::cli::finish(cloche::cli::exit_ok);
}
