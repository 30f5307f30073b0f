// cloche explain FILE: what every instruction does to the operand stack, and what it touches, without running
// it.
#include <cstdio>

#include "api/access.hpp"
#include "base/spelling.hpp"
#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "debug/explain_render.hpp"
#include "symbols/func_pattern.hpp"

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
  options.value("--func", "NAME|INDEX",
                "Only this function, or those that a name with * and ? matches; default: all",
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

[[noreturn]] void die_unknown(const std::string& word, const runtime::Module& module) {
  const symbols::Names& names = module.symbols().names();
  const size_t count = module.decoded().funcs.size();
  base::Spelling spelling(word);
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view name = names.find(symbols::Space::func, i).text;
    spelling.offer(name.substr(0, name.find('(')));
  }
  std::string message =
      "no function is named '" + word + "'; the module has " + std::to_string(count) + " functions";
  if (!spelling.nearest().empty()) message += "; did you mean '" + spelling.nearest() + "'?";
  die(exit_usage, message);
}

/// The functions that are meant, by their indices. One that has exactly that name is meant alone.
std::vector<uint32_t> choose(const std::string& word, const runtime::Module& module) {
  const symbols::Names& names = module.symbols().names();
  const auto count = static_cast<uint32_t>(module.decoded().funcs.size());
  std::vector<uint32_t> found;
  if (const auto exact =
          names.find_index(symbols::Space::func, word.starts_with('$') ? word.substr(1) : word)) {
    found.push_back(*exact);
  } else {
    for (uint32_t i = 0; i < count; ++i)
      if (symbols::func_matches(word, names.find(symbols::Space::func, i).text, i)) found.push_back(i);
  }
  if (found.empty()) die_unknown(word, module);
  std::erase_if(found, [&](uint32_t i) { return i < module.decoded().imported_funcs; });
  if (found.empty()) die(exit_usage, "the function '" + word + "' is imported; it has no instructions here");
  return found;
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
  const auto explain_func = [&](uint32_t defined_index) {
    writer.function(debug::Explanation(module.validated(), module.symbols(), labels,
                                       spans ? &*spans : nullptr, defined_index));
  };
  std::vector<uint32_t> chosen;
  if (request.func) chosen = choose(*request.func, module);
  writer.begin();
  if (request.func)
    for (const uint32_t index : chosen) explain_func(index - decoded.imported_funcs);
  else
    for (uint32_t i = 0; i < decoded.codes.size(); ++i) explain_func(i);
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
