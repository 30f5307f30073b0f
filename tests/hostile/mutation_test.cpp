// Every truncation and every single-byte change of a set of modules: an error or a module, never a crash.
// What still validates is instantiated and its exports are called, under limits on time, so that wrong code
// runs too.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "cloche/cloche.hpp"
#include "text/parser.hpp"
#include "wasm/features.hpp"

namespace cloche {
namespace {

namespace fs = std::filesystem;

struct Input {
  std::string name;
  std::vector<uint8_t> bytes;
};

/// The examples, assembled: small modules that use every part of the language.
std::vector<Input> inputs() {
  std::vector<Input> all;
  for (const auto& entry : fs::directory_iterator(fs::path(CLOCHE_SOURCE_DIR) / "examples")) {
    if (entry.path().extension() != ".wat") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string source{std::istreambuf_iterator<char>(file), {}};
    auto assembled = text::assemble(source, wasm::FeatureSet::all());
    if (assembled) all.push_back({entry.path().filename().string(), std::move(assembled->bytes)});
  }
  return all;
}

/// Ends calls that run on: a mutated loop may have lost its exit. Only tells the store; the test does not
/// depend on when that happens.
class Watchdog {
 public:
  Watchdog() : thread_([this] { run(); }) {}
  ~Watchdog() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  void guard(Store* store) {
    const std::lock_guard lock(mutex_);
    store_ = store;
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::milliseconds(20), [this] { return done_; }))
      if (store_ != nullptr) store_->interrupt();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  Store* store_ = nullptr;
  bool done_ = false;
  std::thread thread_;
};

class Mutations : public testing::Test {
 protected:
  void try_module(const std::vector<uint8_t>& bytes) {
    const auto module = Module::from_binary(engine_, bytes);
    if (!module) {
      ++refused_;
      return;
    }
    ++accepted_;
    Store store(engine_);
    watchdog_.guard(&store);
    Linker linker(store);
    if (const auto instance = linker.instantiate(*module)) call_exports(*instance);
    watchdog_.guard(nullptr);
  }

  void call_exports(const Instance& instance) {
    for (const ExportInfo& item : instance.exports()) {
      if (item.kind != ExternKind::func) continue;
      const auto func = instance.func(item.name);
      ASSERT_TRUE(func) << item.name;
      std::vector<Value> args;
      for (const ValueType& type : func->type().params) args.push_back(zero(type.kind));
      static_cast<void>(func->call(args));
    }
  }

  static Value zero(ValueKind kind) {
    switch (kind) {
      case ValueKind::i32:
        return int32_t{0};
      case ValueKind::i64:
        return int64_t{0};
      case ValueKind::f32:
        return 0.0f;
      case ValueKind::f64:
        return 0.0;
      case ValueKind::v128:
        return V128{};
      case ValueKind::ref:
        return Ref{};
    }
    return {};
  }

  static Config config() {
    Config config;
    config.max_frames = 1000;
    config.value_stack_bytes = 64 << 10;
    config.gc_heap_limit_bytes = 16 << 20;
    return config;
  }

  Engine engine_ = *Engine::create(config());
  Watchdog watchdog_;
  uint64_t refused_ = 0;
  uint64_t accepted_ = 0;
};

TEST_F(Mutations, EveryTruncationIsRefusedOrRuns) {
  for (const Input& input : inputs()) {
    SCOPED_TRACE(input.name);
    for (size_t size = 0; size < input.bytes.size(); ++size)
      try_module({input.bytes.begin(), input.bytes.begin() + static_cast<ptrdiff_t>(size)});
  }
  EXPECT_GT(refused_, 0u);
}

TEST_F(Mutations, EverySingleByteChangeIsRefusedOrRuns) {
  // All 255 changes of a byte would take minutes; these include every bit flip and the LEB128 and sign
  // boundaries.
  constexpr uint8_t changes[] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x7F, 0xFF};
  for (const Input& input : inputs()) {
    SCOPED_TRACE(input.name);
    std::vector<uint8_t> bytes = input.bytes;
    for (uint8_t& byte : bytes) {
      const uint8_t original = byte;
      for (const uint8_t change : changes) {
        byte = original ^ change;
        try_module(bytes);
      }
      byte = original;
    }
  }
  EXPECT_GT(refused_, 0u);
  EXPECT_GT(accepted_, 0u);
}

}  // namespace
}  // namespace cloche
