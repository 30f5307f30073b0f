// cloche trace FILE: runs a function as `cloche run` does, and prints a row for each executed instruction.
#include <charconv>
#include <cstdio>
#include <memory>

#include "api/access.hpp"
#include "cli/watching.hpp"
#include "debug/trace.hpp"

namespace cloche::cli {
namespace {

struct Request {
  debug::TraceOptions trace;
  std::string output;
};

using Problem = std::optional<std::string>;

std::optional<uint64_t> number(std::string_view word) {
  const bool hex = word.starts_with("0x");
  if (hex) word.remove_prefix(2);
  uint64_t value = 0;
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value, hex ? 16 : 10);
  if (word.empty() || status != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

/// LOW-HIGH, both included, or one number.
Problem read_range(const std::string& word, std::optional<debug::TraceOptions::Range>& range) {
  const size_t dash = word.find('-');
  const auto low = number(std::string_view(word).substr(0, dash));
  const auto high = dash == std::string::npos ? low : number(std::string_view(word).substr(dash + 1));
  if (!low || !high || *low > *high) return "'" + word + "' is not LOW-HIGH, such as 0x400-0x4ff";
  range = {*low, *high == ~uint64_t{0} ? *high : *high + 1};
  return std::nullopt;
}

/// Names of classes with commas between them.
Problem read_classes(const std::string& words, debug::TraceOptions& options) {
  options.classes.reset();
  for (size_t at = 0; at <= words.size();) {
    const size_t comma = std::min(words.find(',', at), words.size());
    const std::string_view word = std::string_view(words).substr(at, comma - at);
    size_t kind = 0;
    while (kind < options.classes.size() &&
           debug::trace_class_name(static_cast<debug::TraceClass>(kind)) != word)
      ++kind;
    if (kind == options.classes.size()) {
      std::string known;
      for (size_t i = 0; i < kind; ++i)
        known += " " + std::string(debug::trace_class_name(static_cast<debug::TraceClass>(i)));
      return "no class is named '" + std::string(word) + "':" + known;
    }
    options.classes.set(kind);
    at = comma + 1;
  }
  return std::nullopt;
}

Problem read_count(const std::string& word, std::optional<uint64_t>& count) {
  count = number(word);
  return count ? Problem() : "'" + word + "' is not a natural number";
}

void add_trace_options(Options& options, Request& request, WatchRequest& watch) {
  debug::TraceOptions& trace = request.trace;
  options.flag("--json", "One JSON object a line", [&trace, &watch] {
    trace.format = debug::TraceFormat::json;
    watch.results_are_traced = true;
  });
  options.flag("--markdown", "A Markdown table", [&trace] { trace.format = debug::TraceFormat::markdown; });
  options.value("--output", "FILE", "Write the trace there instead of to standard output",
                [&request](const std::string& word) {
                  request.output = word;
                  return Problem();
                });
  options.value("--first", "N", "Only the first N rows; then go on without tracing",
                [&trace](const std::string& word) { return read_count(word, trace.first); });
  options.value("--last", "N", "Only the last N rows, written at the end or at a trap",
                [&trace](const std::string& word) { return read_count(word, trace.last); });
  options.value("--func", "NAME|INDEX",
                "Only functions of this name or index; * and ? stand for any characters; may be repeated",
                [&trace](const std::string& word) {
                  trace.funcs.push_back(word);
                  return Problem();
                });
  options.number("--max-depth", "Only activations with at most N below them", trace.max_depth);
  options.value("--memory", "LOW-HIGH", "Only instructions that read or write these addresses",
                [&trace](const std::string& word) { return read_range(word, trace.memory); });
  options.value("--offsets", "LOW-HIGH", "Only instructions at these offsets in the module",
                [&trace](const std::string& word) { return read_range(word, trace.offsets); });
  options.value("--class", "LIST",
                "Only these: control call local global memory table constant numeric vector reference",
                [&trace](const std::string& word) { return read_classes(word, trace); });
}

/// The trace of one store, written to a file or to standard output.
class Trace {
 public:
  Trace(const Request& request, Store& store) : names_functions_(!request.trace.funcs.empty()) {
    if (!request.output.empty()) {
      file_ = std::fopen(request.output.c_str(), "wb");
      if (!file_) die(exit_failure, "cannot write " + request.output);
    }
    tracer_ = std::make_unique<debug::Tracer>(
        detail::ApiAccess::of(store), request.trace,
        [this](std::string_view text) { std::fwrite(text.data(), 1, text.size(), file_ ? file_ : stdout); });
  }
  ~Trace() {
    tracer_->finish();
    if (names_functions_ && !tracer_->met_chosen())
      std::fprintf(stderr, "note: no function that --func names was entered\n");
    tracer_.reset();
    if (file_ && std::fclose(file_) != 0) die(exit_failure, "cannot write the trace");
  }
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

 private:
  bool names_functions_;
  std::FILE* file_ = nullptr;
  std::unique_ptr<debug::Tracer> tracer_;
};

}  // namespace

void trace(const std::vector<std::string>& line) {
  if constexpr (!interp::Probes::available) die(exit_failure, "this build has no probes (CLOCHE_PROBES=OFF)");
  Request request;
  run_as(
      {.name = "trace",
       .purpose =
           "Runs as `cloche run` does, and prints a row for each executed instruction: the symbolic operand\n"
           "stack after it beside the live one, bottom to top, and what else it changed.",
       .add_options = [&request](Options& options,
                                 WatchRequest& watch) { add_trace_options(options, request, watch); },
       .also = [&request](Store& store) -> std::shared_ptr<void> {
         return std::make_shared<Trace>(request, store);
       }},
      line);
}

}  // namespace cloche::cli
