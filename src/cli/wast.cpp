// cloche wast FILE|DIR…: runs test scripts, prints passed/total per folder and each failure with file:line.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "api/config.hpp"
#include "cli/cli.hpp"
#include "platform/files.hpp"
#include "script/runner.hpp"
#include "text/source_text.hpp"

namespace cloche::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  Config config = Config().strict_3_0();
  std::vector<std::string> paths;
};

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
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (entry.is_regular_file() && entry.path().extension() == ".wast") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  if (files.empty()) die(exit_failure, "no .wast file beneath " + word);
  return files;
}

void run(const Options& options) {
  const runtime::Config config = detail::runtime_config(options.config);
  std::map<std::string, Score> folders;
  Score total;
  for (const std::string& word : options.paths) {
    for (const fs::path& file : scripts_of(without_mark(word))) {
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
  if (total.passed != total.commands) throw Exit{exit_failure};
}

}  // namespace

void add_wast(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("wast", "Run test scripts; WebAssembly 3.0 exactly unless features say otherwise");
  command->add_option("PATH", options->paths, "Scripts, or folders of them")->required();
  add_engine_options(*command, options->config);
  add_feature_option(*command, options->config);
  command->final_callback([options] { run(*options); });
}

}  // namespace cloche::cli
