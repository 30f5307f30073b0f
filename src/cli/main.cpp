// Entry point of the `cloche` command: finds the verb and turns every ending into an exit code.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <exception>
#include <iterator>

#include "cli/cli.hpp"

namespace cloche::cli {
namespace {

constexpr std::string_view verbs[] = {"run", "validate", "wast"};

/// -1, -.5, -0x10, -inf, -nan: words that CLI11 would take for options.
bool is_negative_number(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  if (std::isdigit(static_cast<unsigned char>(word[1])) != 0) return true;
  if (word[1] == '.' && word.size() > 2) return true;
  return word.substr(1, 3) == "inf" || word.substr(1, 3) == "nan";
}

/// Words after the verb that CLI11 would take for something else than a word: a second verb, the end of a
/// verb's options
/// ("++"), a list ("[a,b]"), our own mark.
bool is_special(std::string_view word) {
  if (std::find(std::begin(verbs), std::end(verbs), word) != std::end(verbs) || word == "++") return true;
  return !word.empty() && (word[0] == '[' || word[0] == literal_mark);
}

/// The words after the program's name, last first as CLI11 wants them. After `--` every word is literal.
std::vector<std::string> words(int argc, char** argv) {
  std::vector<std::string> result;
  bool literal = false;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (!literal && word == "--") {
      literal = true;
      continue;
    }
    if (literal || is_negative_number(word) || (!result.empty() && is_special(word)))
      word.insert(0, 1, literal_mark);
    result.push_back(std::move(word));
  }
  return {result.rbegin(), result.rend()};
}

int run(int argc, char** argv) {
  CLI::App app("Cloche: a WebAssembly engine and toolkit that you can see into.", "cloche");
  app.require_subcommand(1);
  app.set_version_flag("--version", "cloche " CLOCHE_VERSION);
  app.failure_message(CLI::FailureMessage::simple);
  add_run(app);
  add_validate(app);
  add_wast(app);
  try {
    app.parse(words(argc, argv));
  } catch (const CLI::Success& success) {
    return app.exit(success);  // --help, --version
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s %s\nRun with --help for more information.\n", error_label("error:").c_str(),
                 error.what());
    return exit_usage;
  } catch (const Exit& end) {
    return end.code;
  } catch (const std::exception& error) {  // a folder that cannot be read; no memory
    std::fprintf(stderr, "%s %s\n", error_label("error:").c_str(), error.what());
    return exit_failure;
  }
  return exit_ok;
}

}  // namespace
}  // namespace cloche::cli

int main(int argc, char** argv) {
  const int code = cloche::cli::run(argc, argv);
  return std::fflush(stdout) == 0 ? code : cloche::cli::exit_failure;
}
