// spectest-interp FILE.json: runs a test script that wast2json has written.
#include <algorithm>
#include <cstdio>

#include "api/config.hpp"
#include "cli/io.hpp"
#include "cli/modules.hpp"
#include "cli/wabt/stack_sizes.hpp"
#include "cli/wabt/tools.hpp"
#include "cli/wabt/tracer.hpp"
#include "diagnostics/printable.hpp"
#include "script/json_reader.hpp"
#include "script/runner.hpp"

namespace cloche::cli {
namespace {

using diagnostics::printable;

/// The files beside a script.
script::ModuleSource beside(const std::string& file) {
  const size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
  return [folder](std::string_view name) -> base::Expected<std::string, std::string> {
    const auto contents = platform::read_file(folder + std::string(name), max_input_bytes);
    if (!contents) return base::Unexpected{contents.error()};
    return std::string(reinterpret_cast<const char*>(contents->bytes.data()), contents->bytes.size());
  };
}

script::JsonScript read_script(const Input& input, const std::string& file) {
  auto script = script::from_json(input.text(), beside(file));
  if (script) return std::move(*script);
  const text::LineColumn place = text::line_column(input.text(), script.error().offset);
  std::fprintf(stderr, "%s:%llu:%llu: %s\n", printable(input.name).c_str(),
               static_cast<unsigned long long>(place.line), static_cast<unsigned long long>(place.column),
               printable(script.error().message).c_str());
  finish(exit_failure);
}

}  // namespace

void spectest_interp(const std::vector<std::string>& line) {
  Config config = Config().strict_3_0();
  StackSizes stacks;
  uint32_t verbosity = 0;
  bool trace = false;
  ToolOptions options(
      "spectest-interp", "[OPTIONS] FILE",
      "Runs a test script that wast2json has written. The exit code is the number of failures.");
  options.word("FILE", "A script in JSON");
  add_verbose_option(options, verbosity);
  add_wabt_feature_options(options, config);
  options.flag("-t, --trace", "Print every instruction before it is executed", trace);
  add_stack_size_options(options, stacks);
  const std::string file = options.parse(line, 1, 1)[0];
  stacks.apply(config);

  const Input input = read_module_input(file);
  const script::JsonScript script = read_script(input, file);
  script::Listener listener;
  listener.note = [&](uint32_t at, const std::string& message) {
    std::printf("%s:%u: %s\n", printable(script.source_filename).c_str(), at, message.c_str());
  };
  if (trace) listener.watch = [](runtime::Store& store) { return std::make_shared<Tracer>(store); };
  listener.call = [](const std::string& call) { std::printf("%s\n", call.c_str()); };
  const script::Report report = script::run_script(script.script, detail::runtime_config(config), listener);
  // As in wabt, registering an instance is no test.
  std::printf("%u/%u tests passed.\n", report.passed - report.registrations,
              report.total - report.registrations);
  // An exit code is a byte, and 0 has to mean that all passed.
  finish(static_cast<ExitCode>(std::min(report.total - report.passed, 255u)));
}

}  // namespace cloche::cli
