// Entry point of the `cloche` command: finds the verb.
#include <cstdio>

#include "cli/cli.hpp"

namespace cloche::cli {
namespace {

struct Verb {
  std::string_view name;
  void (*run)(const std::vector<std::string>& line);
  std::string_view purpose;
};
constexpr Verb verbs[] = {
    {"run", run, "Instantiate a module and call a function"},
    {"validate", validate, "Check that modules are well-formed and valid"},
    {"wast", wast, "Run test scripts"},
};

void print_help() {
  std::printf(
      "Cloche: a WebAssembly engine and toolkit that you can see into.\n\nusage: cloche VERB ...\n\n");
  for (const Verb& verb : verbs)
    std::printf("  %-12.*s%.*s\n", static_cast<int>(verb.name.size()), verb.name.data(),
                static_cast<int>(verb.purpose.size()), verb.purpose.data());
  std::printf("\n  --help      This text; after a verb, the verb's own\n  --version   The version\n");
}

void dispatch(const std::vector<std::string>& line) {
  if (line.empty()) usage_error("", "a verb is missing");
  for (const Verb& verb : verbs)
    if (line[0] == verb.name) return verb.run({line.begin() + 1, line.end()});
  if (line[0] == "--help" || line[0] == "-h" || line[0] == "help") return print_help();
  if (line[0] == "--version") return static_cast<void>(std::puts("cloche " CLOCHE_VERSION));
  usage_error("", "there is no verb '" + line[0] + "'");
}

}  // namespace
}  // namespace cloche::cli

int main(int argc, char** argv) {
  cloche::cli::dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
  cloche::cli::finish(cloche::cli::exit_ok);
}
