// cloche run FILE: runs a WASI program, or instantiates a module and calls one of its functions with
// arguments typed by its signature.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "cli/missing_import.hpp"
#include "cli/run_request.hpp"
#include "diagnostics/printable.hpp"
#include "platform/descriptor_io.hpp"
#include "platform/stop_signal.hpp"

namespace cloche::cli {
namespace {

std::vector<std::string> exported_functions(const Module& module) {
  std::vector<std::string> names;
  for (ExportInfo& item : module.exports())
    if (item.kind == ExternKind::func && item.name != "_initialize") names.push_back(std::move(item.name));
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
Func choose(const RunRequest& request, const Module& module, const Instance& instance) {
  const std::vector<std::string> names = exported_functions(module);
  const auto exported = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  Result<Func> func = Unexpected{Error(ErrorKind::usage, "")};
  if (request.invoke) {
    const std::string& name = *request.invoke;
    if (exported(name) || name == "_initialize")
      func = instance.func(name);
    else if (const auto index = as_index(name))
      func = instance.func_at(*index);
    else
      die(exit_usage, "no exported function is named '" + name + "'" + did_you_mean(name, names) + "; " +
                          callable_list(module));
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

std::vector<Value> parse_args(const RunRequest& request, const FunctionType& type) {
  if (request.words.size() != type.params.size())
    die(exit_usage, "the function takes " + std::to_string(type.params.size()) + " arguments, " +
                        type.to_string() + ", but " + std::to_string(request.words.size()) + " are given");
  std::vector<Value> values;
  for (size_t i = 0; i < type.params.size(); ++i) {
    const std::string word = request.words[i];
    auto value = Value::parse(type.params[i], word);
    if (!value) die(exit_usage, "argument " + std::to_string(i + 1) + ": " + value.error().message());
    values.push_back(*value);
  }
  return values;
}

/// Who looks on; null before there is a store.
Watching* watching = nullptr;

/// Ends the process, with the reports of those who look on; problems that they found make success a failure.
[[noreturn]] void finish_run(ExitCode code) {
  const bool good = watching == nullptr || watching->finish();
  finish(code == exit_ok && !good ? exit_failure : code);
}

/// The store that a signal ends; null before there is one.
Store* running_store = nullptr;

void stop_running() {
  if (running_store != nullptr) running_store->interrupt();
}

/// Ends the process when it was asked to end from outside.
void finish_if_stopped(const RunRequest& request) {
  const platform::StopReason reason = platform::stop_reason();
  if (reason == platform::StopReason::none) return;
  if (reason == platform::StopReason::timed_out)
    std::fprintf(stderr, "%s timed out after %s\n", error_label("error:").c_str(),
                 request.timeout_text.c_str());
  finish_run(static_cast<ExitCode>(platform::exit_code(reason)));
}

[[noreturn]] void fail(const RunRequest& request, const std::string& file, const Error& error) {
  if (error.kind() == ErrorKind::exit) finish_run(static_cast<ExitCode>(error.exit_status()));
  finish_if_stopped(request);
  if (error.kind() == ErrorKind::trap) {
    if (watching != nullptr) watching->finish();
    print_trap(*error.trap());
    finish_run(exit_trap);
  }
  print_load_error(file, error, request.config);
  finish_run(exit_failure);
}

/// Ends the process when a grant is refused.
void granted(const Result<void>& result) {
  if (!result) die(exit_failure, diagnostics::printable(result.error().message()));
}

void grant_streams(Wasi& wasi, const RunRequest& request) {
  const auto& [in, out, err] = request.streams;
  in ? granted(wasi.stdin_file(*in)) : wasi.inherit_stdin();
  out ? granted(wasi.stdout_file(*out)) : wasi.inherit_stdout();
  err ? granted(wasi.stderr_file(*err)) : wasi.inherit_stderr();
}

/// The arguments of a program; a function that is invoked takes the words itself.
std::vector<std::string> program_args(const RunRequest& request) {
  std::vector<std::string> args = {request.argv0.value_or(request.file)};
  if (!request.invoke) args.insert(args.end(), request.words.begin(), request.words.end());
  return args;
}

/// Everything the options grant, and nothing else: descriptors that this process was started with are closed.
void grant(Wasi& wasi, const RunRequest& request) {
  platform::ignore_write_signals();
  platform::occupy_standard_streams();
  granted(wasi.args(program_args(request)));
  for (const auto& [name, value] : request.env) granted(wasi.env(name, value));
  wasi.terminal_output(request.terminal);
  grant_streams(wasi, request);
  for (const RunRequest::Directory& each : request.directories)
    granted(wasi.dir(each.host, each.guest, each.access));
  for (const RunRequest::Address& each : request.listeners) granted(wasi.listen(each.host, each.port));
  if (request.seed) wasi.deterministic(*request.seed);
  if (request.without_openat2) wasi.without_openat2();
  std::vector<int> kept = wasi.host_descriptors();
  kept.insert(kept.end(), request.watch.descriptors.begin(), request.watch.descriptors.end());
  std::sort(kept.begin(), kept.end());
  platform::close_all_but(kept);
}

/// A module and where it came from.
struct Loaded {
  std::string name;  // for imports; empty for the module that is run
  std::string file;
  Module module;
};

std::vector<Loaded> load(const RunRequest& request, const Engine& engine) {
  std::vector<Loaded> loaded;
  const auto add = [&](const std::string& name, const std::string& file) {
    auto module = load_module(engine, file);
    if (!module) fail(request, file, module.error());
    loaded.push_back({name, file, *std::move(module)});
  };
  for (const auto& [name, file] : request.preloads) add(name, file);
  add("", request.file);
  return loaded;
}

Instance instantiate(const RunRequest& request, Linker& linker, const Loaded& loaded) {
  const std::string missing = describe_missing(loaded.module, linker);
  if (!missing.empty()) {
    std::fprintf(stderr, "%s: %s %s\n", diagnostics::printable(loaded.file).c_str(),
                 error_label("error:").c_str(), missing.c_str());
    finish(exit_failure);
  }
  auto instance = linker.instantiate(loaded.module);
  if (!instance) fail(request, loaded.file, instance.error());
  return *instance;
}

void call_function(const RunRequest& request, const Module& module, const Instance& instance,
                   const Wasi& wasi) {
  // A module without functions is run by being instantiated.
  if (!request.invoke && module.func_count() == 0 && request.words.empty()) return;
  const Func func = choose(request, module, instance);
  const auto results = func.call(parse_args(request, func.type()));
  if (!results) {
    // The call may have been interrupted because a thread ended the program.
    const auto ending = wasi.ending();
    if (ending && *ending) finish_run(static_cast<ExitCode>(**ending));
    fail(request, request.file, ending ? ending->error() : results.error());
  }
  watching->finish();
  if (request.watch.results_are_traced) return;
  for (const Value& value : *results) std::printf("%s\n", value.to_string().c_str());
}

/// Runs a WASI program to its end, which is this process's as well.
[[noreturn]] void run_program(const RunRequest& request, Wasi& wasi, const Instance& instance) {
  const auto status = wasi.run(instance);
  if (!status) fail(request, request.file, status.error());
  finish_run(static_cast<ExitCode>(*status));
}

void run_request(const RunRequest& request) {
  platform::stop_on_signals(stop_running, request.timeout_ns);
  const Engine engine = make_engine(request.config);
  const std::vector<Loaded> loaded = load(request, engine);
  const bool is_wasi = std::any_of(loaded.begin(), loaded.end(),
                                   [](const Loaded& each) { return Wasi::is_needed_by(each.module); });
  Store store(engine);
  running_store = &store;
  Linker linker(store);
  Wasi wasi;
  if (is_wasi) {
    grant(wasi, request);
    granted(wasi.add_to(linker));
  }
  // Behind the grants, which close descriptors that nobody granted: a trace may go to a file.
  Watching looking_on(request.watch, store);
  watching = &looking_on;
  for (size_t i = 0; i + 1 < loaded.size(); ++i) {
    const Instance instance = instantiate(request, linker, loaded[i]);
    if (const auto ready = wasi.initialize(instance); !ready) fail(request, loaded[i].file, ready.error());
    granted(linker.define_instance(loaded[i].name, instance));
  }
  const Loaded& main = loaded.back();
  granted(wasi.add_memories_to(linker, main.module));
  const Instance instance = instantiate(request, linker, main);
  const auto names = exported_functions(main.module);
  const bool is_command = is_wasi && std::find(names.begin(), names.end(), "_start") != names.end();
  if (is_command && !request.invoke) run_program(request, wasi, instance);
  if (is_wasi && request.invoke != "_initialize")
    if (const auto ready = wasi.initialize(instance); !ready) fail(request, main.file, ready.error());
  call_function(request, main.module, instance, wasi);
  wasi.end_threads();
  running_store = nullptr;
  finish_run(exit_ok);
}

}  // namespace

void run_as(const RunVerb& verb, const std::vector<std::string>& line) { run_request(parse_run(verb, line)); }

void run(const std::vector<std::string>& line) { run_as({}, line); }

}  // namespace cloche::cli
