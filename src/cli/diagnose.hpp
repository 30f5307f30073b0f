// How commands say what is wrong with files: the options for it, and the way from a file to messages.
#pragma once

#include <string>

#include "cli/options.hpp"
#include "cloche/config.hpp"
#include "diagnostics/diagnostic.hpp"

namespace cloche::cli {

struct MessageOptions {
  bool json = false;
  uint64_t max_errors = 20;
};

/// Adds --message-format and --max-errors.
void add_message_options(Options& options, MessageOptions& messages);

/// Prints a report to standard error: for people, or as a JSON object per line. `source` is the checked text.
void print_report(const diagnostics::Report& report, const std::string& file, std::string_view source,
                  const MessageOptions& messages);

/// Checks a file and prints what is wrong with it; true when nothing is. Dies when it cannot be read.
bool check_file(const std::string& file, const Config& config, const MessageOptions& messages);

}  // namespace cloche::cli
