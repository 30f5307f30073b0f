#include "cli/run_request.hpp"

#include <charconv>
#include <cstdlib>

#include "cli/cli.hpp"

namespace cloche::cli {
namespace {

using Problem = std::optional<std::string>;

/// "2s", "1.5s", "500ms", "10us", "1m", "1h"; a number alone is seconds.
std::optional<uint64_t> parse_duration_ns(const std::string& word) {
  double number = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, status] = std::from_chars(word.data(), end, number);
  if (status != std::errc()) return std::nullopt;
  constexpr std::pair<std::string_view, double> units[] = {
      {"", 1e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1e0}, {"m", 60e9}, {"h", 3600e9}};
  for (const auto& [name, ns] : units) {
    if (std::string_view(stop, end) != name) continue;
    const double total = number * ns;
    // Up to a hundred years; more than a nanosecond.
    if (!(total >= 1 && total < 3.2e18)) return std::nullopt;
    return static_cast<uint64_t>(total);
  }
  return std::nullopt;
}

/// "NAME=REST". Nothing without "=" or with an empty name.
std::optional<std::pair<std::string, std::string>> split_assignment(const std::string& word) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  return std::pair(word.substr(0, equals), word.substr(equals + 1));
}

/// "HOST::GUEST", or a host path that the guest knows under the same name.
RunRequest::Directory parse_directory(const std::string& word, DirAccess access) {
  const size_t colons = word.find("::");
  if (colons == std::string::npos) return {word, word, access};
  return {word.substr(0, colons), word.substr(colons + 2), access};
}

/// "127.0.0.1:80", "[::1]:80".
std::optional<RunRequest::Address> parse_address(const std::string& word) {
  const size_t colon = word.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  uint16_t port = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, status] = std::from_chars(word.data() + colon + 1, end, port);
  if (status != std::errc() || stop != end) return std::nullopt;
  std::string host = word.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return RunRequest::Address{host, port};
}

void add_directory(RunRequest& request, const std::string& word, DirAccess access) {
  request.directories.push_back(parse_directory(word, access));
}

Problem set_terminal(RunRequest& request, const std::string& word) {
  constexpr std::pair<std::string_view, TerminalOutput> policies[] = {
      {"safe", TerminalOutput::safe}, {"plain", TerminalOutput::plain}, {"raw", TerminalOutput::raw}};
  for (const auto& [name, policy] : policies) {
    if (word != name) continue;
    request.terminal = policy;
    return std::nullopt;
  }
  return "'" + word + "' is none of safe, plain, raw";
}

Problem set_seed(RunRequest& request, const std::string& word) {
  uint64_t seed = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, status] = std::from_chars(word.data(), end, seed);
  if (status != std::errc() || stop != end) return "'" + word + "' is not a natural number in range";
  request.seed = seed;
  return std::nullopt;
}

void add_program_options(Options& options, RunRequest& request) {
  options.value("--dir", "HOST[::GUEST]", "Grant a directory, as GUEST to the program; may be repeated",
                [&request](const std::string& word) {
                  add_directory(request, word, DirAccess::read_write);
                  return Problem();
                });
  options.value("--dir-ro", "HOST[::GUEST]", "The same, but nothing in it can be changed",
                [&request](const std::string& word) {
                  add_directory(request, word, DirAccess::read_only);
                  return Problem();
                });
  options.value("--env", "NAME=VALUE", "Set a variable; may be repeated",
                [&request](const std::string& word) {
                  const auto variable = split_assignment(word);
                  if (!variable) return Problem("'" + word + "' is not NAME=VALUE");
                  request.env.push_back(*variable);
                  return Problem();
                });
  options.value("--env-inherit", "NAME", "Pass a variable on, if it is set",
                [&request](const std::string& word) {
                  if (const char* const value = std::getenv(word.c_str()))
                    request.env.emplace_back(word, value);
                  return Problem();
                });
  constexpr std::string_view names[] = {"--stdin", "--stdout", "--stderr"};
  constexpr std::string_view helps[] = {"Read standard input from a file", "Write standard output to a file",
                                        "Write standard error to a file"};
  for (int i = 0; i < 3; ++i)
    options.value(names[i], "FILE", helps[i], [&request, i](const std::string& word) {
      request.streams[i] = word;
      return Problem();
    });
  options.value("--listen", "ADDRESS:PORT", "Grant a socket that listens; may be repeated",
                [&request](const std::string& word) {
                  const auto address = parse_address(word);
                  if (!address) return Problem("'" + word + "' is not ADDRESS:PORT");
                  request.listeners.push_back(*address);
                  return Problem();
                });
  options.value("--argv0", "NAME", "The program's own name; default: FILE",
                [&request](const std::string& word) {
                  request.argv0 = word;
                  return Problem();
                });
  options.value("--terminal", "safe|plain|raw",
                "Escape sequences that a terminal gets: harmless ones (default), none, all",
                [&request](const std::string& word) { return set_terminal(request, word); });
  options.value("--seed", "N", "The same random bytes and clocks in every run",
                [&request](const std::string& word) { return set_seed(request, word); });
  options.flag("--no-openat2", "Resolve paths step by step, as on older systems",
               [&request] { request.without_openat2 = true; });
}

void add_run_options(Options& options, RunRequest& request) {
  options.value("--invoke", "NAME|INDEX", "The function; default: _start, or the only one there is",
                [&request](const std::string& word) {
                  request.invoke = word;
                  return Problem();
                });
  options.value("--preload", "NAME=FILE",
                "Instantiate another module first, for imports from NAME; may be repeated",
                [&request](const std::string& word) {
                  const auto preload = split_assignment(word);
                  if (!preload) return Problem("'" + word + "' is not NAME=FILE");
                  request.preloads.push_back(*preload);
                  return Problem();
                });
  options.value("--timeout", "DURATION", "End it after a time such as 2s, 500ms, 1m (exit code 124)",
                [&request](const std::string& word) {
                  request.timeout_ns = parse_duration_ns(word);
                  request.timeout_text = word;
                  return request.timeout_ns ? Problem() : Problem("'" + word + "' is no duration");
                });
}

}  // namespace

RunRequest parse_run(const RunVerb& verb, const std::vector<std::string>& line) {
  RunRequest request;
  request.watch.also = verb.also;
  constexpr std::string_view purpose =
      "Runs a WASI program, or instantiates a module and calls one of its functions and prints one\n"
      "result per line. A program is given nothing but its arguments and the standard streams; every\n"
      "file, variable and socket is granted by an option.\n"
      "Exit code: the program's; 134 after a trap, 124 after a timeout, 130 after Ctrl-C.";
  Options options(verb.name, "[OPTIONS] FILE [--] [ARGS...]", verb.purpose.empty() ? purpose : verb.purpose);
  options.word("FILE", "Module in binary or text form");
  options.word(
      "ARGS...",
      "Of a program: as they are. Of a function: 12 -1 0x10 1.5 nan:0x7fc00000 inf i32x4:1,2,3,4 null");
  if (verb.add_options) verb.add_options(options, request.watch);
  add_run_options(options, request);
  add_watch_options(options, request.watch);
  add_program_options(options, request);
  add_engine_options(options, request.config);
  add_feature_option(options, request.config);
  std::vector<std::string> words = options.parse(line, 1);
  request.file = words[0];
  request.words.assign(words.begin() + 1, words.end());
  return request;
}

}  // namespace cloche::cli
