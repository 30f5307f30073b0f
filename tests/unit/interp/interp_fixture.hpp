// Runs functions of small text modules in every way the interpreter can: original bytes and quickened from
// the first call, with and without guard pages.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/linker.hpp"
#include "text/parser.hpp"

namespace cloche::interp::test {

using runtime::Value;
using wasm::TrapCode;

struct Mode {
  abi::Quicken quicken;
  bool guard_pages;
  bool deterministic = false;
};

inline std::string mode_name(const testing::TestParamInfo<Mode>& info) {
  const char* const names[] = {"never", "warm", "always"};
  return std::string(names[static_cast<int>(info.param.quicken)]) +
         (info.param.guard_pages ? "_guarded" : "_checked");
}

/// An engine, a store and one instance, of a module that imports at most what `imports` defines.
class Program {
 public:
  explicit Program(std::string_view text, const Mode& mode, uint64_t value_stack_bytes = uint64_t{8} << 20) {
    runtime::Config config;
    config.features = wasm::FeatureSet::all();
    config.quicken = mode.quicken;
    config.guard_pages = mode.guard_pages;
    config.deterministic = mode.deterministic;
    config.value_stack_bytes = value_stack_bytes;
    engine_ = runtime::Engine::create(config);
    store_ = std::move(*runtime::Store::create(engine_));
    linker_ = std::make_unique<runtime::Linker>(*store_);
    auto assembled = text::assemble(text, config.features);
    if (!assembled) {
      ADD_FAILURE() << assembled.error().message();
      return;
    }
    auto module = runtime::Module::compile(engine_, wasm::ModuleBytes(std::move(assembled->bytes)));
    if (!module) {
      ADD_FAILURE() << module.error().message();
      return;
    }
    module_ = *module;
  }

  runtime::Store& store() { return *store_; }
  void define(std::string_view module, std::string_view name, const runtime::Extern& object) {
    ASSERT_TRUE(linker_->define(module, name, object));
  }
  /// Instantiates, if that has not happened, and calls an export.
  runtime::Outcome<std::vector<Value>> call(std::string_view name, std::vector<Value> args = {}) {
    if (!instance_) {
      auto made = linker_->instantiate(module_);
      if (!made) return base::Unexpected{made.error()};
      instance_ = *made;
    }
    return store_->call(*instance_->find(name)->func(), args);
  }
  /// The only result of a call as its low 64 bits.
  uint64_t result(std::string_view name, std::vector<Value> args = {}) {
    const auto results = call(name, std::move(args));
    if (!results) {
      ADD_FAILURE() << name << ": " << results.error().message();
      return ~uint64_t{0};
    }
    return results->at(0).bits();
  }
  /// The trap that a call must end with.
  runtime::Trap trap(std::string_view name, std::vector<Value> args = {}) {
    const auto results = call(name, std::move(args));
    if (results || !results.error().trap()) {
      ADD_FAILURE() << name << " did not trap";
      return {};
    }
    return *results.error().trap();
  }

 private:
  std::shared_ptr<runtime::Engine> engine_;
  std::unique_ptr<runtime::Store> store_;
  std::unique_ptr<runtime::Linker> linker_;
  std::shared_ptr<runtime::Module> module_;
  runtime::Instance* instance_ = nullptr;
};

class EveryMode : public testing::TestWithParam<Mode> {};

inline const auto every_mode = testing::Values(
    Mode{abi::Quicken::never, true}, Mode{abi::Quicken::never, false}, Mode{abi::Quicken::warm, true},
    Mode{abi::Quicken::always, true}, Mode{abi::Quicken::always, false});

}  // namespace cloche::interp::test
