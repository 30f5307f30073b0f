// cloche explain FILE: what every instruction does to the operand stack, and what it touches, without running
// it.
#include <charconv>
#include <cstdio>

#include "api/access.hpp"
#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "debug/explain_render.hpp"

namespace cloche::cli {
namespace {

struct Request {
  Config config;
  std::string file;
  std::optional<std::string> func;
  debug::ExplainFormat format = debug::ExplainFormat::text;
};

Request parse(const std::vector<std::string>& line) {
  Request request;
  Options options("explain", "[OPTIONS] FILE [--func NAME|INDEX]",
                  "Explains functions without running them: for each instruction, in the order of execution, "
                  "the operand\n"
                  "stack that it leaves, bottom to top, and which of the memories it touches.");
  options.word("FILE", "Module in binary or text form");
  options.value("--func", "NAME|INDEX", "Only this function; default: all that the module defines",
                [&request](const std::string& word) {
                  request.func = word;
                  return std::optional<std::string>();
                });
  const auto format = [&](std::string_view name, std::string_view help, debug::ExplainFormat which) {
    options.flag(name, help, [&request, which] { request.format = which; });
  };
  format("--markdown", "As Markdown tables", debug::ExplainFormat::markdown);
  format("--json", "As JSON", debug::ExplainFormat::json);
  format("--html", "As a page of HTML that needs nothing else", debug::ExplainFormat::html);
  add_feature_option(options, request.config);
  request.file = options.parse(line, 1)[0];
  return request;
}

/// The index of the function that is meant, among all of the module's.
uint32_t choose(const std::string& word, const runtime::Module& module) {
  const auto count = static_cast<uint32_t>(module.decoded().funcs.size());
  const std::string_view name =
      word.starts_with('$') ? std::string_view(word).substr(1) : std::string_view(word);
  auto index = module.symbols().names().find_index(symbols::Space::func, name);
  if (!index) {
    uint32_t number = 0;
    const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (status == std::errc() && end == word.data() + word.size()) index = number;
  }
  if (!index)
    die(exit_usage,
        "no function is named '" + word + "'; the module has " + std::to_string(count) + " functions");
  if (*index >= count)
    die(exit_usage,
        "no function has index " + word + "; the module has " + std::to_string(count) + " functions");
  if (*index < module.decoded().imported_funcs)
    die(exit_usage, "the function '" + word + "' is imported; it has no instructions here");
  return *index;
}

bool to_stdout(void*, std::string_view piece) {
  return std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size();
}

void write(const Request& request, const runtime::Module& module) {
  const wasm::Module& decoded = module.decoded();
  const debug::Labels labels(decoded);
  std::optional<debug::SourceSpans> spans;
  if (const symbols::TextSource* source = module.symbols().source();
      source && !source->offsets.entries().empty())
    spans.emplace(*source);
  base::Output out(to_stdout, nullptr);
  debug::ExplainWriter writer(out, request.format, request.file);
  uint32_t first = 0;
  auto end = static_cast<uint32_t>(decoded.codes.size());
  if (request.func) {
    first = choose(*request.func, module) - decoded.imported_funcs;
    end = first + 1;
  }
  writer.begin();
  for (uint32_t i = first; i < end; ++i)
    writer.function(
        debug::Explanation(module.validated(), module.symbols(), labels, spans ? &*spans : nullptr, i));
  writer.end();
  if (!out.flush()) finish(exit_failure);
}

}  // namespace

void explain(const std::vector<std::string>& line) {
  const Request request = parse(line);
  const Engine engine = make_engine(request.config);
  const auto module = load_module(engine, request.file);
  if (!module) {
    print_load_error(request.file, module.error(), request.config);
    finish(exit_failure);
  }
  write(request, *detail::ApiAccess::of(*module));
}

}  // namespace cloche::cli
