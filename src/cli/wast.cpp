// cloche wast FILE|DIR…: runs test scripts, prints passed/total per folder and each failure with file:line.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <system_error>

#include "api/config.hpp"
#include "cli/cli.hpp"
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

script::Report run_file(const fs::path& path, const runtime::Config& config) {
  const auto file = platform::read_file(path.string(), text::max_source_bytes);
  if (!file) die(exit_failure, path.string() + ": cannot read the file: " + file.error());
  return script::run_script({reinterpret_cast<const char*>(file->bytes.data()), file->bytes.size()}, config);
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
bool run_scripts(const std::vector<std::string>& paths, const runtime::Config& config) {
  std::map<std::string, Score> folders;
  Score total;
  for (const std::string& path : paths) {
    for (const fs::path& file : scripts_of(path)) {
      const script::Report report = run_file(file, config);
      const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
      folders[folder].add(report);
      total.add(report);
      for (const script::Failure& failure : report.failures)
        std::fprintf(stderr, "%s:%u: %s\n", file.c_str(), failure.line, failure.message.c_str());
    }
  }
  for (const auto& [name, score] : folders) score.print(name);
  if (folders.size() > 1) total.print("total");
  return total.passed == total.commands;
}

}  // namespace

void wast(const std::vector<std::string>& line) {
  Config config = Config().strict_3_0();
  Options options("wast", "[OPTIONS] PATH...",
                  "Runs test scripts; WebAssembly 3.0 exactly unless --feature says otherwise.");
  options.word("PATH...", "Scripts, or folders of them");
  add_engine_options(options, config);
  add_feature_option(options, config);
  const std::vector<std::string> paths = options.parse(line, 1);
  if (!run_scripts(paths, detail::runtime_config(config))) finish(exit_failure);
}

}  // namespace cloche::cli
