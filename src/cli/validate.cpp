// cloche validate FILE...: silent when all is well, otherwise everything that is wrong with each file.
#include "cli/cli.hpp"
#include "cli/diagnose.hpp"

namespace cloche::cli {

void validate(const std::vector<std::string>& line) {
  Config config;
  MessageOptions messages;
  Options options("validate", "[OPTIONS] FILE...",
                  "Checks that modules are well-formed and valid; says nothing when they are.");
  options.word("FILE...", "Modules in binary or text form, scripts (*.wast), or - for standard input");
  add_feature_option(options, config);
  add_message_options(options, messages);
  options.number("--jobs", "Threads that check large modules; 0: as many as help", messages.threads);
  const std::vector<std::string> files = options.parse(line, 1);

  bool failed = false;
  for (const std::string& file : files) failed |= !check_file(file, config, messages);
  if (failed) finish(exit_failure);
}

}  // namespace cloche::cli
