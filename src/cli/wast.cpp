// cloche wast FILE|DIR…: runs test scripts, prints passed/total per folder and each failure with file:line.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <system_error>

#include "api/config.hpp"
#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "cli/progress.hpp"
#include "debug/opcode_coverage.hpp"
#include "platform/files.hpp"
#include "script/runner.hpp"
#include "text/source_text.hpp"

namespace cloche::cli {
namespace {

namespace fs = std::filesystem;

struct Score {
  uint64_t files_passed = 0;
  uint64_t files = 0;
  uint64_t passed = 0;
  uint64_t commands = 0;

  void add(const script::Report& report) {
    files_passed += report.passed == report.total ? 1 : 0;
    files += 1;
    passed += report.passed;
    commands += report.total;
  }
  void print(const std::string& name) const {
    std::printf("%s: %llu/%llu files, %llu/%llu commands\n", name.c_str(),
                static_cast<unsigned long long>(files_passed), static_cast<unsigned long long>(files),
                static_cast<unsigned long long>(passed), static_cast<unsigned long long>(commands));
  }
};

/// What the command line asks for.
struct Request {
  Config config = Config().strict_3_0();
  std::vector<std::string> paths;
  std::string coverage_file;
  debug::OpcodeCoverage coverage;
};

script::Report run_file(const fs::path& path, const runtime::Config& config, const script::Watch& watch) {
  const auto file = platform::read_file(path.string(), text::max_source_bytes);
  if (!file) die(exit_failure, path.string() + ": cannot read the file: " + file.error());
  const Progress progress("running", file->bytes.size(), Progress::Counts::nothing, STDOUT_FILENO);
  return script::run_script({reinterpret_cast<const char*>(file->bytes.data()), file->bytes.size()}, config,
                            watch);
}

/// The scripts a path names: itself, or every .wast beneath it, sorted so that runs can be compared.
std::vector<fs::path> scripts_of(const std::string& word) {
  const fs::path path(word);
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".wast" && !at->is_directory(error)) files.push_back(at->path());
  if (error) die(exit_failure, word + ": cannot read the folder: " + error.message());
  std::sort(files.begin(), files.end());
  if (files.empty()) die(exit_failure, "no .wast file beneath " + word);
  return files;
}

/// Runs the scripts and prints what became of them; true when all is as they say.
bool run_scripts(Request& request) {
  const runtime::Config config = detail::runtime_config(request.config);
  script::Watch watch;
  if (!request.coverage_file.empty())
    watch = [&](runtime::Store& store) { return request.coverage.watch(store); };
  std::map<std::string, Score> folders;
  Score total;
  for (const std::string& path : request.paths) {
    for (const fs::path& file : scripts_of(path)) {
      const script::Report report = run_file(file, config, watch);
      const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
      folders[folder].add(report);
      total.add(report);
      for (const script::Failure& failure : report.failures)
        std::fprintf(stderr, "%s:%u: %s\n", file.c_str(), failure.line, failure.message.c_str());
      // What is wrong with the script itself, or with a module that it defines, can be said in full.
      if (!report.failures.empty() && file.extension() == ".wast")
        check_file(file.string(), request.config, MessageOptions{});
    }
  }
  for (const auto& [name, score] : folders) score.print(name);
  if (folders.size() > 1) total.print("total");
  return total.passed == total.commands;
}

void write_coverage(const Request& request) {
  const std::string lines = request.coverage.lines();
  std::FILE* file = std::fopen(request.coverage_file.c_str(), "wb");
  bool written = file && std::fwrite(lines.data(), 1, lines.size(), file) == lines.size();
  if (file) written &= std::fclose(file) == 0;
  if (!written) die(exit_failure, "cannot write " + request.coverage_file);
}

}  // namespace

void wast(const std::vector<std::string>& line) {
  Request request;
  Options options("wast", "[OPTIONS] PATH...",
                  "Runs test scripts; WebAssembly 3.0 exactly unless --feature says otherwise.");
  options.word("PATH...", "Scripts, or folders of them");
  options.value("--opcode-coverage", "FILE", "Count executions of each instruction into FILE",
                [&request](const std::string& word) {
                  request.coverage_file = word;
                  return std::optional<std::string>();
                });
  add_engine_options(options, request.config);
  add_feature_option(options, request.config);
  request.paths = options.parse(line, 1);
  const bool passed = run_scripts(request);
  if (!request.coverage_file.empty()) write_coverage(request);
  if (!passed) finish(exit_failure);
}

}  // namespace cloche::cli
