// cloche memory FILE: what lies where in a linear memory, from the module alone or after a run.
#include <algorithm>
#include <cstdio>

#include "api/access.hpp"
#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "cli/memory_map.hpp"
#include "debug/labels.hpp"
#include "diagnostics/printable.hpp"

namespace cloche::cli {
namespace {

using detail::ApiAccess;

struct Request {
  Config config;
  std::string file;
  std::optional<std::string> invoke;
  std::vector<std::string> args;
  std::optional<uint64_t> steps;
  MapRequest map;
};

Request parse(const std::vector<std::string>& line) {
  Request request;
  uint64_t steps = 0;
  Options options("memory", "[OPTIONS] FILE [--invoke NAME|--run [--] [ARGS...]]",
                  "Shows what lies where in a linear memory: null page, data, shadow stack, heap. With "
                  "--invoke, after a\n"
                  "call, or at the trap that ended it, and what it changed. The shadow stack is inferred; "
                  "the map says how.");
  options.word("FILE", "Module in binary or text form");
  options.word("ARGS...", "As for run");
  options.value("--invoke", "NAME", "Instantiate the module and call this function first",
                [&](const std::string& word) {
                  request.invoke = word;
                  return std::optional<std::string>();
                });
  options.flag(
      "--run",
      "Run the whole program first, WASI included; takes the options of run, see memory --run --help", [] {});
  options.number("--stop-after",
                 "Stop the call after so many instructions, and show the memory then; 0: never", steps);
  options.number("--memory", "Which memory, by its index", request.map.memory);
  options.flag("--json", "As JSON", [&request] { request.map.format = MapFormat::json; });
  options.flag("--svg", "As a picture", [&request] { request.map.format = MapFormat::svg; });
  add_engine_options(options, request.config);
  add_feature_option(options, request.config);
  std::vector<std::string> words = options.parse(line, 1);
  request.file = words[0];
  request.args.assign(words.begin() + 1, words.end());
  if (steps != 0) request.steps = steps;
  if (!request.invoke && (!request.args.empty() || request.steps))
    usage_error("memory", "arguments and --stop-after need --invoke or --run");
  return request;
}

[[noreturn]] void fail(const Request& request, const Error& error) {
  print_load_error(request.file, error, request.config);
  finish(exit_failure);
}

std::vector<Value> parse_args(const Request& request, const FunctionType& type) {
  if (request.args.size() != type.params.size())
    die(exit_usage, "the function takes " + std::to_string(type.params.size()) + " arguments, " +
                        type.to_string() + ", but " + std::to_string(request.args.size()) + " are given");
  std::vector<Value> values;
  for (size_t i = 0; i < type.params.size(); ++i) {
    auto value = Value::parse(type.params[i], request.args[i]);
    if (!value) die(exit_usage, "argument " + std::to_string(i + 1) + ": " + value.error().message());
    values.push_back(*value);
  }
  return values;
}

/// "compute(1, 2)" with the words as they were given.
std::string call_text(const Request& request) {
  std::string text = *request.invoke + "(";
  for (const std::string& word : request.args) text += (&word == &request.args.front() ? "" : ", ") + word;
  return diagnostics::printable(text + ")");
}

void lay_out(uint32_t memory, const runtime::Module& module, debug::MemoryMap& map,
             std::optional<uint64_t> size) {
  map.layout = debug::find_regions(module.decoded(), module.symbols().names(), memory, size);
  map.name = debug::Labels(module.decoded()).memory(memory);
  if (map.layout.stack)
    map.pointer_name = debug::Labels(module.decoded()).global(map.layout.stack->pointer_global);
}

debug::MemoryMap new_map(const Request& request, const runtime::Module& module) {
  if (request.map.memory >= module.decoded().mems.size())
    die(exit_usage, "the module has no memory " + std::to_string(request.map.memory) + "; it has " +
                        std::to_string(module.decoded().mems.size()));
  debug::MemoryMap map;
  map.module = diagnostics::printable(request.file);
  return map;
}

void run(const Request& request, const Engine& engine, const Module& module, debug::MemoryMap& map) {
  Store store(engine);
  Linker linker(store);
  const auto instance = linker.instantiate(module);
  if (!instance) fail(request, instance.error());
  const auto func = instance->func(*request.invoke);
  if (!func) die(exit_usage, func.error().message());
  const std::vector<Value> args = parse_args(request, func->type());

  interp::Probes& probes = ApiAccess::of(store).probes();
  runtime::Instance& inside = ApiAccess::of(*instance);
  std::optional<debug::LowestPointer> pointer;
  if (const auto& stack = map.layout.stack)
    pointer.emplace(probes, *inside.abi()->globals[stack->pointer_global], stack->is_64);
  std::optional<debug::StepLimit> limit;
  if (request.steps) limit.emplace(probes, *request.steps);

  const auto results = func->call(args);
  const bool stopped = limit && limit->reached();
  if (!results && !stopped && !results.error().trap()) fail(request, results.error());
  map.run = stopped   ? "after " + std::to_string(*request.steps) + " instructions of "
            : results ? "after "
                      : "at the trap \"" + diagnostics::printable(results.error().message()) + "\" in ";
  map.run += call_text(request);
  look_at_memory(request.map.memory, inside, pointer ? &*pointer : nullptr, map);
}

}  // namespace

void look_at_memory(uint32_t memory, runtime::Instance& instance, const debug::LowestPointer* pointer,
                    debug::MemoryMap& map) {
  const abi::Memory& bytes = *instance.abi()->mems[memory];
  lay_out(memory, instance.module(), map, bytes.size());
  map.uses = debug::changes(instance.module().decoded(), map.layout,
                            {bytes.base, static_cast<size_t>(bytes.size())});
  if (!map.layout.stack) return;
  if (pointer != nullptr) map.lowest_pointer = pointer->lowest();
  const uint64_t now = instance.abi()->globals[map.layout.stack->pointer_global]->value[0];
  map.pointer_now = map.layout.stack->is_64 ? now : static_cast<uint32_t>(now);
}

void print_map(const MapRequest& request, const debug::MemoryMap& map) {
  const std::string text = request.format == MapFormat::json  ? debug::memory_json(map) + "\n"
                           : request.format == MapFormat::svg ? debug::memory_svg(map)
                                                              : debug::memory_text(map);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void memory(const std::vector<std::string>& line) {
  // Behind -- everything belongs to the program.
  const auto end = std::find(line.begin(), line.end(), "--");
  if (std::find(line.begin(), end, "--run") != end) return memory_after_run(line);
  const Request request = parse(line);
  const Engine engine = make_engine(request.config);
  const auto module = load_module(engine, request.file);
  if (!module) fail(request, module.error());
  const runtime::Module& inside = *ApiAccess::of(*module);
  debug::MemoryMap map = new_map(request, inside);
  lay_out(request.map.memory, inside, map, std::nullopt);
  if (request.invoke) run(request, engine, *module, map);
  print_map(request.map, map);
}

}  // namespace cloche::cli
