// wasm-interp FILE: runs exported functions of a module and prints what they return.
#include <cstdio>

#include "api/config.hpp"
#include "cli/cli.hpp"
#include "cli/modules.hpp"
#include "cli/progress.hpp"
#include "cli/wabt/interp_wasi.hpp"
#include "cli/wabt/interp_words.hpp"
#include "cli/wabt/stack_sizes.hpp"
#include "cli/wabt/tools.hpp"
#include "cli/wabt/tracer.hpp"
#include "cli/wabt/trap_witness.hpp"
#include "runtime/linker.hpp"
#include "runtime/module.hpp"
#include "runtime/store.hpp"
#include "script/value_text.hpp"

namespace cloche::cli {
namespace {

using runtime::Value;

/// A function to call, with the arguments as they were given.
struct Call {
  std::string name;
  std::vector<Value> args;
};

struct Request {
  Config config;
  StackSizes stacks;
  uint32_t verbosity = 0;
  std::vector<Call> calls;
  bool all_exports = false;
  bool host_print = false;
  bool dummy_imports = false;
  bool trace = false;
  bool wasi = false;
  WasiRequest program;
  std::string file;
};

/// What is wrong with a command line in wabt's words, on standard output as there.
[[noreturn]] void refuse(const std::string& message) {
  std::printf("%s\n", message.c_str());
  finish(exit_failure);
}

void add_argument(Request& request, const std::string& word) {
  if (request.calls.empty()) refuse("Cannot find a function execution for argument '" + word + "'");
  const auto value = parse_typed_value(word);
  if (!value) refuse("Failed to parse argument '" + word + "'");
  request.calls.back().args.push_back(*value);
}

Request parse(const std::vector<std::string>& line) {
  Request request;
  ToolOptions options("wasm-interp", "[OPTIONS] FILE [ARGUMENT...]",
                      "Runs exported functions and prints what they return.");
  options.word("FILE", "A module in the binary format, - for standard input");
  add_verbose_option(options, request.verbosity);
  const auto no_problem = std::optional<std::string>();
  options.value("-r, --run-export", "FUNCTION", "Run an exported function; may be repeated",
                [&](const std::string& word) {
                  request.calls.push_back({word, {}});
                  return no_problem;
                });
  options.value("-a, --argument", "TYPE:VALUE", "An argument for the function named last: i32:8, f64:1.5",
                [&](const std::string& word) {
                  add_argument(request, word);
                  return no_problem;
                });
  options.flag("--run-all-exports", "Run every exported function without parameters, in order",
               request.all_exports);
  options.flag("--host-print", "Provide host.print of any type, which prints its arguments",
               request.host_print);
  options.flag("--dummy-import-func",
               "Provide every imported function: it prints its arguments and returns zeros",
               request.dummy_imports);
  options.flag("--wasi", "Run a WASI program", request.wasi);
  options.value("-e, --env", "NAME=VALUE", "Give the program a variable; may be repeated",
                [&](const std::string& word) -> std::optional<std::string> {
                  const size_t equals = word.find('=');
                  if (equals == std::string::npos) return "'" + word + "' is not of the form NAME=VALUE";
                  request.program.env.emplace_back(word.substr(0, equals), word.substr(equals + 1));
                  return std::nullopt;
                });
  options.value("-d, --dir", "DIR", "Give the program a directory; may be repeated",
                [&](const std::string& word) {
                  request.program.dirs.push_back(word);
                  return no_problem;
                });
  options.flag("-t, --trace", "Print every instruction before it is executed", request.trace);
  add_stack_size_options(options, request.stacks);
  add_wabt_feature_options(options, request.config);
  options.word("ARGUMENT", "What a WASI program is given");
  const std::vector<std::string> words = options.parse(line, 1);
  request.file = words[0];
  request.program.args = words;
  request.stacks.apply(request.config);
  // Results are compared with files; so a NaN has the same bits everywhere.
  request.config.deterministic = true;
  return request;
}

/// A function that prints what it is called with, and returns zeros.
runtime::Func printing_func(runtime::Store& store, const wasm::FuncType& type, const std::string& name) {
  return store.make_func_values(
      type, [type, name](runtime::HostCall&, std::span<const Value> args, std::vector<Value>& results) {
        results.clear();
        for (const wasm::ValType result : type.results) results.push_back(zero_value(result));
        std::printf("called host %s\n", script::call_text(name, args, results).c_str());
        return wasm::TrapCode::none;
      });
}

/// A function type of the module as the store knows it.
wasm::FuncType canonical_func_type(const runtime::Module& module, wasm::TypeIdx type) {
  wasm::FuncType func = module.decoded().func_type(type);
  for (wasm::ResultType* const types : {&func.params, &func.results})
    for (wasm::ValType& each : *types) each = module.canonical(each);
  return func;
}

/// The imports that options provide; what nobody provides is found missing by the instantiation.
runtime::Outcome<runtime::Instance*> instantiate(runtime::Store& store,
                                                 const std::shared_ptr<runtime::Module>& module,
                                                 const Request& request) {
  std::vector<runtime::Extern> imports;
  const wasm::Module& decoded = module->decoded();
  for (const wasm::Import& import : decoded.imports) {
    const std::string name = std::string(import.module) + "." + std::string(import.name);
    const bool provided = request.dummy_imports || (request.host_print && name == "host.print");
    if (import.kind != wasm::ExternKind::func || !provided)
      return base::Unexpected{runtime::Failure(
          wasm::Error{wasm::ErrorCode::unknown_import, import.offset,
                      "\"" + std::string(import.module) + "\" \"" + std::string(import.name) + "\""})};
    imports.emplace_back(printing_func(store, canonical_func_type(*module, import.func_type), name));
  }
  return store.instantiate(module, imports);
}

/// A store and who watches it.
struct Machine {
  runtime::Store& store;
  TrapWitness witness{store};
  std::optional<Tracer> tracer;
};

void call(Machine& machine, const runtime::Func& func, std::string_view name, std::span<const Value> args) {
  if (machine.tracer)
    std::printf(">>> running export \"%.*s\":\n", static_cast<int>(name.size()), name.data());
  const auto results = machine.store.call(func, args);
  if (results) {
    std::printf("%s\n", script::call_text(name, args, *results).c_str());
    return;
  }
  std::printf("%.*s(%s) => error: %s\n", static_cast<int>(name.size()), name.data(),
              script::values_text(args).c_str(), machine.witness.words_for(results.error()).c_str());
}

void run_all(Machine& machine, const runtime::Instance& instance) {
  for (const wasm::Export& exported : instance.module().decoded().exports) {
    const auto object = instance.find(exported.name);
    if (object && object->func() && object->func()->type().params.empty())
      call(machine, *object->func(), exported.name, {});
  }
}

void run_named(Machine& machine, const runtime::Instance& instance, const Call& wanted) {
  const auto object = instance.find(wanted.name);
  if (!object) return;  // wabt calls what there is
  if (!object->func()) refuse("Export '" + wanted.name + "' is not a function");
  const size_t params = object->func()->type().params.size();
  if (params != wanted.args.size())
    refuse("Exported function '" + wanted.name + "' expects " + std::to_string(params) + " arguments, but " +
           std::to_string(wanted.args.size()) + " were provided");
  call(machine, *object->func(), wanted.name, wanted.args);
}

}  // namespace

void wasm_interp(const std::vector<std::string>& line) {
  const Request request = parse(line);
  const Input input = read_module_input(request.file);
  if (request.wasi) {
    WasiRequest program = request.program;
    program.trace = request.trace;
    run_wasi(input, request.config, program);
  }
  const auto engine = runtime::Engine::create(detail::runtime_config(request.config));
  auto module = [&] {
    const Progress progress("loading", input.file.bytes.size());
    return runtime::Module::compile(engine, wasm::ModuleBytes(input.file.bytes, input.file.owner));
  }();
  if (!module) fail_at(input, module.error(), false);
  auto store = runtime::Store::create(engine);
  if (!store) die(exit_failure, store.error().message());
  Machine machine{.store = **store, .tracer = std::nullopt};
  if (request.trace) machine.tracer.emplace(**store);
  const auto instance = instantiate(**store, *module, request);
  if (!instance) {
    std::fflush(stdout);
    std::fprintf(stderr, "error initializing module: %s\n",
                 machine.witness.words_for(instance.error()).c_str());
    finish(exit_failure);
  }
  if (request.all_exports) run_all(machine, **instance);
  for (const Call& wanted : request.calls) run_named(machine, **instance, wanted);
}

}  // namespace cloche::cli
