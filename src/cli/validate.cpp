// cloche validate FILE...: silent when all is well, an error for each file that is not a valid module.
#include "cli/cli.hpp"

namespace cloche::cli {

void validate(const std::vector<std::string>& line) {
  Config config;
  Options options("validate", "[OPTIONS] FILE...",
                  "Checks that modules are well-formed and valid; says nothing when they are.");
  options.word("FILE...", "Modules in binary or text form");
  add_feature_option(options, config);
  const std::vector<std::string> files = options.parse(line, 1);

  const Engine engine = make_engine(config);
  bool failed = false;
  for (const std::string& file : files) {
    const auto module = Module::from_file(engine, file);
    if (!module) print_error(file, module.error());
    failed |= !module;
  }
  if (failed) finish(exit_failure);
}

}  // namespace cloche::cli
