// cloche validate FILE…: silent when all is well, an error for each file that is not a valid module.
#include <memory>

#include "cli/cli.hpp"

namespace cloche::cli {
namespace {

struct Options {
  Config config;
  std::vector<std::string> files;
};

void validate(const Options& options) {
  const Engine engine = make_engine(options.config);
  bool failed = false;
  for (const std::string& word : options.files) {
    const std::string file = without_mark(word);
    const auto module = Module::from_file(engine, file);
    if (!module) print_error(file, module.error());
    failed |= !module;
  }
  if (failed) throw Exit{exit_failure};
}

}  // namespace

void add_validate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("validate", "Check that modules are well-formed and valid");
  command->add_option("FILE", options->files, "Modules in binary or text form")->required();
  add_feature_option(*command, options->config);
  command->final_callback([options] { validate(*options); });
}

}  // namespace cloche::cli
