#include "script/runner.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "runtime/linker.hpp"
#include "runtime/module.hpp"
#include "runtime/store.hpp"
#include "script/match.hpp"
#include "script/spectest.hpp"
#include "script/value_text.hpp"
#include "text/script.hpp"
#include "text/source_text.hpp"

namespace cloche::script {
namespace {

using runtime::Outcome;
using runtime::Value;
using text::Command;
using text::CommandKind;

/// Why a command failed, or nothing.
using Verdict = std::optional<std::string>;
using Names = std::map<std::string, runtime::Instance*, std::less<>>;

constexpr Verdict passed = std::nullopt;

/// The words of an assertion are the beginning of our message. For traps the suite sometimes adds an index
/// that is not part of the trap's name; there our message may also be the beginning of the words.
bool begins(std::string_view text, std::string_view words) { return text.substr(0, words.size()) == words; }

/// Runs the commands of one script, or of one of its threads, in a store of its own.
class Runner {
 public:
  Runner(std::string_view source, std::shared_ptr<runtime::Engine> engine, const Listener& listener,
         Report& report)
      : source_(source), places_(source), engine_(std::move(engine)), listener_(listener), report_(report) {
    silent_.watch = listener.watch;
  }
  ~Runner() {
    for (auto& [id, thread] : threads_) thread->join();
  }

  bool prepare() {
    auto store = runtime::Store::create(engine_);
    if (!store) return fail_setup(store.error().message());
    store_ = std::move(*store);
    if (listener_.watch) watcher_ = listener_.watch(*store_);
    linker_ = std::make_unique<runtime::Linker>(*store_);
    PrintSink prints;
    if (listener_.call)
      prints = [this](std::string_view name, std::span<const Value> args) {
        listener_.call("called host " + call_text("spectest." + std::string(name), args, {}));
      };
    const auto defined = define_spectest(*store_, *linker_, prints);
    return defined ? true : fail_setup(defined.error().message());
  }

  /// Makes a parent's instance visible, to be registered: only its shared memories can cross to another
  /// thread.
  void share(std::string_view id, runtime::Instance* instance) { foreign_.emplace(id, instance); }

  void run(const std::vector<Command>& commands) {
    for (const Command& command : commands) {
      const Verdict verdict = run(command);
      ++report_.total;
      if (verdict) {
        add_failure(command, *verdict);
        continue;
      }
      ++report_.passed;
      report_.registrations += command.kind == CommandKind::register_ ? 1 : 0;
    }
  }

 private:
  /// A thread of the threads proposal: its own runner on its own native thread.
  struct Thread {
    Report report;
    std::unique_ptr<Runner> runner;
    std::thread native;
    void join() {
      if (native.joinable()) native.join();
    }
  };

  bool fail_setup(const std::string& message) {
    report_.total = 1;
    report_.failures.push_back({1, message});
    return false;
  }
  uint32_t line_of(const Command& command) const {
    return command.line != 0 ? command.line : static_cast<uint32_t>(places_.line_column(command.offset).line);
  }
  void add_failure(const Command& command, const std::string& message) {
    note(command, message);
    report_.failures.push_back(
        {line_of(command), std::string(text::command_name(command.kind)) + ": " + message});
  }
  void note(const Command& command, const std::string& message) const {
    if (listener_.note) listener_.note(line_of(command), message);
  }
  /// An assertion that something fails, passed.
  Verdict failed_as_expected(const Command& command, std::string_view name, const std::string& how) const {
    note(command, std::string(name) + " passed" + (how.empty() ? "" : ": ") + how);
    return passed;
  }

  Verdict run(const Command& command) {
    switch (command.kind) {
      case CommandKind::module:
        return define_module(command);
      case CommandKind::instance:
        return make_instance(command);
      case CommandKind::register_:
        return register_instance(command);
      case CommandKind::action:
        return expect_results(command, false);
      case CommandKind::assert_return:
        return expect_results(command, true);
      case CommandKind::assert_exception:
        return expect_trap(command, wasm::TrapCode::uncaught_exception, "");
      case CommandKind::assert_exhaustion:
        return expect_trap(command, wasm::TrapCode::call_stack_exhausted, command.failure);
      case CommandKind::assert_trap:
        return expect_trap(command, wasm::TrapCode::none, command.failure);
      case CommandKind::assert_unlinkable:
        return expect_unlinkable(command);
      case CommandKind::assert_malformed:
        return expect_error(command, wasm::ErrorClass::malformed);
      case CommandKind::assert_invalid:
        return expect_error(command, wasm::ErrorClass::invalid);
      case CommandKind::assert_malformed_custom:
      case CommandKind::assert_invalid_custom:
        return expect_error(command, std::nullopt);
      case CommandKind::thread:
        return start_thread(command);
      case CommandKind::wait:
        return wait_for(command);
    }
    return "a command this runner does not know";
  }

  // ---- modules and instances

  wasm::Result<std::shared_ptr<runtime::Module>> compile(const text::ScriptModule& module) {
    text::Assembled assembled = TRY(text::assemble(module, source_, engine_->config().features));
    return runtime::Module::compile(engine_, wasm::ModuleBytes(std::move(assembled.bytes)));
  }

  Verdict define_module(const Command& command) {
    auto module = compile(*command.module);
    if (!module) return module.error().message();
    latest_module_ = *module;
    if (!command.module->id.empty()) modules_[std::string(command.module->id)] = *module;
    return command.module->is_definition ? passed : instantiate(*module, command.module->id);
  }

  Verdict make_instance(const Command& command) {
    const auto module = find_module(command.other);
    if (!module) return "no module $" + std::string(command.other);
    return instantiate(module, command.id);
  }

  Verdict instantiate(const std::shared_ptr<runtime::Module>& module, std::string_view id) {
    auto instance = linker_->instantiate(module);
    if (!instance) return instance.error().message();
    latest_ = *instance;
    if (!id.empty()) instances_[std::string(id)] = *instance;
    return passed;
  }

  std::shared_ptr<runtime::Module> find_module(std::string_view id) const {
    if (id.empty()) return latest_module_;
    const auto found = modules_.find(id);
    return found == modules_.end() ? nullptr : found->second;
  }

  runtime::Instance* find_instance(std::string_view id) const {
    if (id.empty()) return latest_;
    const auto found = instances_.find(id);
    return found == instances_.end() ? nullptr : found->second;
  }

  Verdict register_instance(const Command& command) {
    if (const auto foreign = foreign_.find(command.other); foreign != foreign_.end())
      return register_shared(command.name, *foreign->second);
    const runtime::Instance* instance = find_instance(command.other);
    if (!instance) return "no instance $" + std::string(command.other);
    const auto defined = linker_->define_instance(command.name, *instance);
    return defined ? passed : Verdict(defined.error().message());
  }

  /// Takes the shared memories that an instance of another thread exports.
  Verdict register_shared(std::string_view name, const runtime::Instance& instance) {
    for (const wasm::Export& item : instance.module().decoded().exports) {
      const auto object = instance.find(item.name);
      const runtime::Memory* memory = object ? object->memory() : nullptr;
      if (!memory || !memory->object->shared) continue;
      const auto adopted = store_->adopt_shared(*memory);
      if (!adopted) return adopted.error().message();
      if (const auto defined = linker_->redefine(name, item.name, *adopted); !defined)
        return defined.error().message();
    }
    return passed;
  }

  // ---- actions

  Value argument(const text::ScriptConst& constant) {
    using Kind = text::ScriptConst::Kind;
    switch (constant.kind) {
      case Kind::number:
        return number_value(constant.type, constant.bits);
      case Kind::vector:
        return vector_value(constant.bytes);
      case Kind::ref_null:
        return null_value(constant.heap);
      case Kind::ref_extern:
        return store_->make_extern(constant.bits).value_or(Value());
      case Kind::ref_host: {
        const Value host = store_->make_extern(constant.bits).value_or(Value());
        return Value::ref(store_->roots(), wasm::ValType::ref(wasm::AbsHeap::any, false), host.as_ref());
      }
    }
    return {};
  }

  std::vector<Value> arguments(const text::Action& action) {
    std::vector<Value> args;
    for (const text::ScriptConst& constant : action.args) args.push_back(argument(constant));
    return args;
  }

  Outcome<std::vector<Value>> act(const text::Action& action) {
    const auto usage = [](std::string detail) {
      return base::Unexpected{
          runtime::Failure(wasm::Error{wasm::ErrorCode::bad_argument, wasm::no_offset, std::move(detail)})};
    };
    const runtime::Instance* instance = find_instance(action.module);
    if (!instance) return usage("no instance $" + std::string(action.module));
    const auto object = instance->find(action.name);
    if (!object) return usage("no export \"" + std::string(action.name) + "\"");
    if (action.kind == text::Action::Kind::get) {
      if (!object->global()) return usage("\"" + std::string(action.name) + "\" is not a global");
      return std::vector<Value>{store_->get(*object->global())};
    }
    if (!object->func()) return usage("\"" + std::string(action.name) + "\" is not a function");
    return store_->call(*object->func(), arguments(action));
  }

  // ---- assertions

  Verdict expect_results(const Command& command, bool compare) {
    const auto results = act(command.action);
    if (!results) return (results.error().is_trap() ? "unexpected trap: " : "") + results.error().message();
    if (listener_.call && !compare && command.action.kind == text::Action::Kind::invoke)
      listener_.call(call_text(command.action.name, arguments(command.action), *results));
    return compare ? match(*store_, *results, command.results) : passed;
  }

  /// What an assertion is about: an action, or the instantiation of a module.
  std::optional<runtime::Failure> attempt(const Command& command) {
    if (command.action.kind != text::Action::Kind::none) {
      auto results = act(command.action);
      return results ? std::nullopt : std::optional(std::move(results).error());
    }
    std::shared_ptr<runtime::Module> module;
    if (command.module) {
      auto compiled = compile(*command.module);
      if (!compiled) return runtime::Failure(std::move(compiled).error());
      module = *compiled;
    } else {
      module = find_module(command.other);
      if (!module)
        return runtime::Failure(
            wasm::Error{wasm::ErrorCode::bad_argument, wasm::no_offset, "no such module"});
    }
    auto instance = linker_->instantiate(module);
    return instance ? std::nullopt : std::optional(std::move(instance).error());
  }

  /// `code` none means any trap.
  Verdict expect_trap(const Command& command, wasm::TrapCode code, std::string_view words) {
    const auto failure = attempt(command);
    if (!failure)
      return words.empty() ? "expected an exception to be thrown"
                           : "expected trap: \"" + std::string(words) + "\"";
    if (!failure->is_trap()) return failure->message();
    const std::string message = failure->message();
    const bool right_kind = code == wasm::TrapCode::none || failure->trap()->code == code;
    if (!right_kind || !(begins(message, words) || begins(words, message)))
      return "trapped with \"" + message + "\", expected \"" + std::string(words) + "\"";
    switch (command.kind) {
      case CommandKind::assert_exhaustion:
        return passed;  // wabt is silent about these
      case CommandKind::assert_exception:
        return failed_as_expected(command, "assert_exception", "");
      default:
        return failed_as_expected(
            command,
            command.action.kind == text::Action::Kind::none ? "assert_uninstantiable" : "assert_trap",
            message);
    }
  }

  Verdict expect_unlinkable(const Command& command) {
    const auto failure = attempt(command);
    if (!failure) return "linked, expected \"" + std::string(command.failure) + "\"";
    if (failure->is_trap() || wasm::error_class(failure->error()->code) != wasm::ErrorClass::unlinkable ||
        !begins(failure->message(), command.failure))
      return "failed with \"" + failure->message() + "\", expected \"" + std::string(command.failure) + "\"";
    return failed_as_expected(command, "assert_unlinkable", "\n  error: " + failure->message());
  }

  /// The module must be refused with an error of the class (or by an implementation limit) and the words.
  Verdict expect_error(const Command& command, std::optional<wasm::ErrorClass> expected) {
    const auto module = compile(*command.module);
    const std::string words = "\"" + std::string(command.failure) + "\"";
    if (module) return "the module was accepted, expected " + words;
    const wasm::ErrorClass found = wasm::error_class(module.error().code);
    if (expected && found != *expected && found != wasm::ErrorClass::limit)
      return "the module is " + std::string(wasm::error_class_name(found)) + " (\"" +
             module.error().message() + "\"), expected " + std::string(wasm::error_class_name(*expected)) +
             " " + words;
    if (!begins(module.error().message(), command.failure))
      return "\"" + module.error().message() + "\", expected " + words;
    return failed_as_expected(command, text::command_name(command.kind),
                              "\n  error: " + module.error().message());
  }

  // ---- threads

  Verdict start_thread(const Command& command) {
    auto thread = std::make_unique<Thread>();
    // Threads say nothing: what they say would come in no order.
    thread->runner = std::make_unique<Runner>(source_, engine_, silent_, thread->report);
    if (!thread->runner->prepare()) return thread->report.failures[0].message;
    for (const std::string_view id : command.shared) {
      const auto foreign = foreign_.find(id);
      runtime::Instance* instance = foreign != foreign_.end() ? foreign->second : find_instance(id);
      if (!instance) return "no instance $" + std::string(id);
      thread->runner->share(id, instance);
    }
    thread->native =
        std::thread([runner = thread->runner.get(), &command] { runner->run(command.commands); });
    threads_[std::string(command.id)] = std::move(thread);
    return passed;
  }

  Verdict wait_for(const Command& command) {
    const auto found = threads_.find(command.id);
    if (found == threads_.end()) return "no thread $" + std::string(command.id);
    found->second->join();
    const Report& report = found->second->report;
    report_.passed += report.passed;
    report_.total += report.total;
    report_.registrations += report.registrations;
    report_.failures.insert(report_.failures.end(), report.failures.begin(), report.failures.end());
    threads_.erase(found);
    return passed;
  }

  std::string_view source_;
  text::SourceText places_;
  std::shared_ptr<runtime::Engine> engine_;
  const Listener& listener_;
  Listener silent_;
  Report& report_;
  std::unique_ptr<runtime::Store> store_;
  std::shared_ptr<void> watcher_;
  std::unique_ptr<runtime::Linker> linker_;
  std::map<std::string, std::shared_ptr<runtime::Module>, std::less<>> modules_;
  std::shared_ptr<runtime::Module> latest_module_;
  Names instances_;
  Names foreign_;
  runtime::Instance* latest_ = nullptr;
  std::map<std::string, std::unique_ptr<Thread>, std::less<>> threads_;
};

}  // namespace

Report run_script(std::string_view source, const runtime::Config& config, const Watch& watch) {
  Report report;
  const auto script = text::parse_script(source);
  if (!script) {
    report.total = 1;
    const uint64_t line = text::line_column(source, script.error().offset).line;
    report.failures.push_back({static_cast<uint32_t>(line), script.error().message()});
    return report;
  }
  const Listener listener{{}, {}, watch};
  Runner runner(source, runtime::Engine::create(config), listener, report);
  if (runner.prepare()) runner.run(script->commands);
  return report;
}

Report run_script(const text::Script& script, const runtime::Config& config, const Listener& listener) {
  Report report;
  Runner runner({}, runtime::Engine::create(config), listener, report);
  if (runner.prepare()) runner.run(script.commands);
  return report;
}

}  // namespace cloche::script
