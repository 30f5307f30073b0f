// cloche run FILE: instantiates a module and calls one of its functions with arguments typed by its
// signature.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "cli/cli.hpp"
#include "diagnostics/printable.hpp"

namespace cloche::cli {
namespace {

/// What the command line asks for.
struct Request {
  Config config;
  std::string file;
  std::optional<std::string> invoke;
  std::vector<std::string> args;
};

std::vector<std::string> exported_functions(const Module& module) {
  std::vector<std::string> names;
  for (ExportInfo& item : module.exports())
    if (item.kind == ExternKind::func) names.push_back(std::move(item.name));
  return names;
}

std::optional<uint32_t> as_index(const std::string& word) {
  uint32_t index = 0;
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), index);
  if (status != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return index;
}

/// What can be called, for the message that asks for --invoke.
std::string callable_list(const Module& module) {
  const auto exports = module.exports();
  std::string list;
  for (const ExportInfo& item : exports)
    if (item.kind == ExternKind::func) list += "\n  " + diagnostics::printable(item.name) + "  " + item.type;
  if (!list.empty()) return "name a function to call with --invoke; the module exports" + list;
  if (module.func_count() == 0) return "the module has no functions to call";
  return "the module exports no function; name one by its index, from 0 to " +
         std::to_string(module.func_count() - 1) + ", with --invoke";
}

/// The function --invoke names, or the one that is meant without it.
Func choose(const Request& request, const Module& module, const Instance& instance) {
  const std::vector<std::string> names = exported_functions(module);
  const auto exported = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  Result<Func> func = Unexpected{Error(ErrorKind::usage, "")};
  if (request.invoke) {
    const std::string& name = *request.invoke;
    if (exported(name))
      func = instance.func(name);
    else if (const auto index = as_index(name))
      func = instance.func_at(*index);
    else
      die(exit_usage, "no exported function is named '" + name + "'; " + callable_list(module));
  } else if (exported("_start")) {
    func = instance.func("_start");
  } else if (names.size() == 1) {
    func = instance.func(names[0]);
  } else if (module.exports().empty() && module.func_count() - module.imported_func_count() == 1) {
    func = instance.func_at(module.imported_func_count());
  } else {
    die(exit_usage, callable_list(module));
  }
  if (!func) die(exit_usage, func.error().message());
  return *func;
}

std::vector<Value> parse_args(const Request& request, const FunctionType& type) {
  if (request.args.size() != type.params.size())
    die(exit_usage, "the function takes " + std::to_string(type.params.size()) + " arguments, " +
                        type.to_string() + ", but " + std::to_string(request.args.size()) + " are given");
  std::vector<Value> values;
  for (size_t i = 0; i < type.params.size(); ++i) {
    const std::string word = request.args[i];
    auto value = Value::parse(type.params[i], word);
    if (!value) die(exit_usage, "argument " + std::to_string(i + 1) + ": " + value.error().message());
    values.push_back(*value);
  }
  return values;
}

[[noreturn]] void fail(const std::string& file, const Error& error) {
  if (error.kind() == ErrorKind::trap) {
    print_trap(*error.trap());
    finish(exit_trap);
  }
  print_error(file, error);
  finish(exit_failure);
}

Request parse(const std::vector<std::string>& line) {
  Request request;
  Options options("run", "[OPTIONS] FILE [--invoke NAME|INDEX] [--] [ARGS...]",
                  "Instantiates a module and calls one of its functions; prints one result per line.");
  options.word("FILE", "Module in binary or text form");
  options.word("ARGS...", "Typed by the function: 12 -1 0x10 1.5 nan:0x7fc00000 inf i32x4:1,2,3,4 null");
  options.value("--invoke", "NAME|INDEX", "The function; default: _start, or the only one there is",
                [&request](const std::string& word) {
                  request.invoke = word;
                  return std::optional<std::string>();
                });
  add_engine_options(options, request.config);
  add_feature_option(options, request.config);
  std::vector<std::string> words = options.parse(line, 1);
  request.file = words[0];
  request.args.assign(words.begin() + 1, words.end());
  return request;
}

void run_request(const Request& request) {
  const std::string& file = request.file;
  const Engine engine = make_engine(request.config);
  const auto module = Module::from_file(engine, file);
  if (!module) fail(file, module.error());
  Store store(engine);
  Linker linker(store);
  const auto instance = linker.instantiate(*module);
  if (!instance) fail(file, instance.error());
  // A module without functions is run by being instantiated.
  if (!request.invoke && module->func_count() == 0 && request.args.empty()) return;
  const Func func = choose(request, *module, *instance);
  const auto results = func.call(parse_args(request, func.type()));
  if (!results) fail(file, results.error());
  for (const Value& value : *results) std::printf("%s\n", value.to_string().c_str());
}

}  // namespace

void run(const std::vector<std::string>& line) { run_request(parse(line)); }

}  // namespace cloche::cli
