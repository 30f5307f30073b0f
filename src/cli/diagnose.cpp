#include "cli/diagnose.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "api/config.hpp"
#include "cli/cli.hpp"
#include "cli/io.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/json.hpp"
#include "diagnostics/render.hpp"

namespace cloche::cli {

void add_message_options(Options& options, MessageOptions& messages) {
  options.value("--message-format", "human|json",
                "Messages for people, or a JSON object on each line (default: human)",
                [&messages](const std::string& word) -> std::optional<std::string> {
                  messages.json = word == "json";
                  if (messages.json || word == "human") return std::nullopt;
                  return "'" + word + "' is neither human nor json";
                });
  options.number("--max-errors", "Errors shown of a file", messages.max_errors);
}

void print_report(const diagnostics::Report& report, const std::string& file, std::string_view source,
                  const MessageOptions& messages) {
  const std::string text = messages.json ? diagnostics::to_json(report, file, source)
                                         : diagnostics::render(report, file, source, {.color = use_color(STDERR_FILENO)});
  std::fputs(text.c_str(), stderr);
}

bool check_file(const std::string& file, const Config& config, const MessageOptions& messages) {
  const platform::FileBytes contents = read_input(file);
  const std::string_view source(reinterpret_cast<const char*>(contents.bytes.data()), contents.bytes.size());
  const diagnostics::CheckOptions options{.features = detail::runtime_config(config).features,
                                          .max_errors = std::max<size_t>(1, messages.max_errors)};
  const diagnostics::Report report = diagnostics::check_file(file, contents.bytes, options);
  print_report(report, input_name(file), source, messages);
  return report.ok();
}

}  // namespace cloche::cli
