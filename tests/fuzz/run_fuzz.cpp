// Runs any module, text or binary, twice: unquickened behind guard pages, and quickened from the first call
// with explicit checks. Both must give the same results, traps and memory. Calls that run on are interrupted.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "cloche/cloche.hpp"

namespace {

using namespace cloche;

/// Ends the calls of a store after a while; that one input takes longer than others is no finding.
class Watchdog {
 public:
  void start(Store& store) {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) {
      thread_ = std::thread([this] { run(); });
      thread_.detach();
    }
    store_ = &store;
    ticks_ = 0;
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    store_ = nullptr;
  }

 private:
  void run() {
    for (;;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const std::lock_guard lock(mutex_);
      if (store_ != nullptr && ++ticks_ > 5) store_->interrupt();
    }
  }
  std::mutex mutex_;
  std::thread thread_;
  Store* store_ = nullptr;
  int ticks_ = 0;
};

// Never destroyed: its thread lives as long as the process.
Watchdog& watchdog() {
  static Watchdog& one = *new Watchdog;
  return one;
}

Engine make_engine(Quickening quickening, bool guard_pages) {
  Config config;
  for (const std::string_view feature : Config::feature_names()) config.set_feature(feature, true);
  config.quickening = quickening;
  config.guard_pages = guard_pages;
  config.deterministic = true;
  config.max_frames = 500;
  config.value_stack_bytes = 64 << 10;
  config.max_memory_bytes = 4 << 20;
  config.gc_heap_limit_bytes = 16 << 20;
  auto engine = Engine::create(config);
  if (!engine) std::abort();
  return *engine;
}

Value small_value(ValueKind kind, int number) {
  switch (kind) {
    case ValueKind::i32:
      return int32_t{number};
    case ValueKind::i64:
      return int64_t{number};
    case ValueKind::f32:
      return static_cast<float>(number);
    case ValueKind::f64:
      return static_cast<double>(number);
    case ValueKind::v128:
      return V128{};
    case ValueKind::ref:
      return Ref{};
  }
  return {};
}

/// What a module did, for comparing. Empty from where on time or the collected heap set a limit, since where
/// exactly they do is not the program's doing.
struct Story {
  std::string text;
  bool cut = false;

  /// False when the story ends here.
  bool add_error(const Error& error) {
    const std::string& reason = error.message();
    cut = reason.find("interrupted") != std::string::npos ||
          reason.find("out of memory") != std::string::npos || error.kind() == ErrorKind::resource;
    if (!cut) text += reason + "\n";
    return !cut;
  }
};

void call(const Func& func, int number, Story& story) {
  std::vector<Value> args;
  for (const ValueType& type : func.type().params) args.push_back(small_value(type.kind, number));
  const auto results = func.call(args);
  if (!results) {
    story.add_error(results.error());
    return;
  }
  for (const Value& value : *results) story.text += value.to_string() + "\n";
}

void look_at_memory(const Memory& memory, Story& story) {
  uint64_t hash = 14695981039346656037u;
  for (const uint8_t byte : memory.view()) hash = (hash ^ byte) * 1099511628211u;
  story.text += std::to_string(memory.size_bytes()) + " " + std::to_string(hash) + "\n";
}

Story run(const Module& module, const Engine& engine) {
  Story story;
  auto store = Store::create(engine);
  if (!store) return {"", true};
  watchdog().start(*store);
  Linker linker(*store);
  const auto instance = linker.instantiate(module);
  if (!instance) {
    story.add_error(instance.error());
    watchdog().stop();
    return story;
  }
  for (const ExportInfo& item : instance->exports()) {
    if (item.kind == ExternKind::func)
      for (int number = 0; number < 3 && !story.cut; ++number)
        call(*instance->func(item.name), number * 7, story);
    if (item.kind == ExternKind::memory && !story.cut) look_at_memory(*instance->memory(item.name), story);
  }
  watchdog().stop();
  return story;
}

Result<Module> load(const Engine& engine, std::string_view input) {
  if (input.starts_with(std::string_view("\0asm", 4)))
    return Module::from_binary(engine, {reinterpret_cast<const uint8_t*>(input.data()), input.size()});
  return Module::from_text(engine, input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Engine plain = make_engine(Quickening::never, true);
  static const Engine quickened = make_engine(Quickening::always, false);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto first = load(plain, input);
  const auto second = load(quickened, input);
  if (first.has_value() != second.has_value()) std::abort();
  if (!first) return 0;
  const Story expected = run(*first, plain);
  const Story actual = run(*second, quickened);
  if (!expected.cut && !actual.cut && expected.text != actual.text) {
    std::fprintf(stderr, "unquickened:\n%squickened:\n%s", expected.text.c_str(), actual.text.c_str());
    std::abort();
  }
  return 0;
}
