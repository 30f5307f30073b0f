#include "cli/diagnose.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "api/config.hpp"
#include "base/spelling.hpp"
#include "cli/cli.hpp"
#include "cli/io.hpp"
#include "cli/progress.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/json.hpp"
#include "diagnostics/render.hpp"
#include "platform/files.hpp"

namespace cloche::cli {
namespace {

diagnostics::RenderStyle style = diagnostics::RenderStyle::cloche;

}  // namespace

void speak_as_wabt() { style = diagnostics::RenderStyle::wabt; }

diagnostics::CheckOptions usual_check(const Config& config, uint64_t size_bytes) {
  diagnostics::CheckOptions options{.features = detail::runtime_config(config).features};
  // wabt shows all that it finds; but each one has to be explained, which takes longer in a long file.
  if (style == diagnostics::RenderStyle::wabt && size_bytes < 1 << 20)
    options.max_errors = options.max_in_function = 1000;
  return options;
}

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
  const std::string text = messages.json
                               ? diagnostics::to_json(report, file, source)
                               : diagnostics::render(report, file, source, {use_color(STDERR_FILENO), style});
  std::fputs(text.c_str(), stderr);
}

namespace {

struct Source {
  platform::FileBytes file;
  std::string_view text() const {
    return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
  }
};

diagnostics::CheckOptions check_options(const Config& config, const MessageOptions& messages) {
  return {.features = detail::runtime_config(config).features,
          .max_errors = static_cast<size_t>(std::max<uint64_t>(1, messages.max_errors)),
          .threads = messages.threads};
}

/// The code of an error of linking, which the public error tells by its first words.
wasm::Error link_error(const Error& error) {
  for (const wasm::ErrorCode code : {wasm::ErrorCode::unknown_import, wasm::ErrorCode::incompatible_import}) {
    const std::string_view words = wasm::error_text(code);
    const std::string& message = error.message();
    if (message.starts_with(words) && message.size() > words.size() + 2)
      return {code, error.offset().value_or(wasm::no_offset), message.substr(words.size() + 2)};
  }
  return {wasm::ErrorCode::bad_argument, wasm::no_offset, {}};
}

}  // namespace

bool check_file(const std::string& file, const Config& config, const MessageOptions& messages) {
  const Source source{read_input(file)};
  const diagnostics::Report report = [&] {
    const Progress progress("checking", source.file.bytes.size());
    return diagnostics::check_file(file, source.file.bytes, check_options(config, messages));
  }();
  print_report(report, input_name(file), source.text(), messages);
  return report.ok();
}

void print_load_error(const std::string& file, const Error& error, const Config& config) {
  const MessageOptions messages;
  const auto contents = platform::read_file(file, max_input_bytes);
  if (!contents) return print_error(file, error);
  const Source source{*contents};
  const diagnostics::CheckOptions options = check_options(config, messages);
  diagnostics::Report report;
  if (error.kind() == ErrorKind::malformed || error.kind() == ErrorKind::invalid)
    report = diagnostics::check_file(file, source.file.bytes, options);
  else if (error.kind() == ErrorKind::unlinkable)
    report = diagnostics::explain_error(file, source.file.bytes, link_error(error), options);
  if (report.ok()) return print_error(file, error);
  print_report(report, file, source.text(), messages);
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  base::Spelling spelling(word);
  for (const std::string& each : candidates) spelling.offer(each);
  return spelling.nearest().empty() ? std::string() : " (did you mean '" + spelling.nearest() + "'?)";
}

}  // namespace cloche::cli
