// How commands say what is wrong with files: the options for it, and the way from a file to messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "cloche/config.hpp"
#include "cloche/error.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/diagnostic.hpp"

namespace cloche::cli {

struct MessageOptions {
  bool json = false;
  uint64_t max_errors = 20;
  uint32_t threads = 0;  // that check large modules; 0: as many as help
};

/// From now on messages begin as those of wabt's commands do, and more errors of a file are shown. For a
/// process that answers to one of their names.
void speak_as_wabt();

/// How a file of that size is checked where no option says otherwise.
diagnostics::CheckOptions usual_check(const Config& config, uint64_t size_bytes);

/// Adds --message-format and --max-errors.
void add_message_options(Options& options, MessageOptions& messages);

/// Prints a report to standard error: for people, or as a JSON object per line. `source` is the checked text.
void print_report(const diagnostics::Report& report, const std::string& file, std::string_view source,
                  const MessageOptions& messages);

/// Checks a file and prints what is wrong with it; true when nothing is. Dies when it cannot be read.
bool check_file(const std::string& file, const Config& config, const MessageOptions& messages);

/// Prints why a file cannot be loaded or linked, like check_file where that finds what is wrong.
void print_load_error(const std::string& file, const Error& error, const Config& config);

/// " (did you mean 'NAME'?)" for the candidate that is most like a word, or an empty text.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace cloche::cli
