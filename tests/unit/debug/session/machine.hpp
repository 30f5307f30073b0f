// A module made from text, in a store of its own, with a host function that is never the same twice:
// (import "host" "next" (func (param i32) (result i32))) stores the number of its call at an address of
// memory 0, and returns it times ten.
#pragma once

#include <gtest/gtest.h>

#include "debug/session/shared.hpp"
#include "runtime/instance.hpp"
#include "runtime/linker.hpp"
#include "runtime/store.hpp"
#include "text/parser.hpp"

namespace cloche::debug::test {

struct Machine {
  /// `calls` counts those of the host function that really happen.
  explicit Machine(std::string_view source, const platform::SharedCounter* calls = nullptr) {
    const auto features = wasm::FeatureSet::all();
    engine = runtime::Engine::create({});
    store = *runtime::Store::create(engine);
    auto assembled = text::assemble(source, features);
    EXPECT_TRUE(assembled.has_value()) << (assembled ? "" : assembled.error().message());
    module = *runtime::Module::compile(engine, wasm::ModuleBytes(std::move(assembled->bytes)));
    runtime::Linker linker(*store);
    const auto next = store->make_func({{wasm::ValType::i32()}, {wasm::ValType::i32()}},
                                       [calls, count = 0](runtime::HostCall& call, abi::Slot* slots) mutable {
                                         if (calls != nullptr) calls->count();
                                         const auto at = static_cast<uint32_t>(slots[0]);
                                         abi::Memory& memory = *call.caller->abi()->mems[0];
                                         memory.base[at] = static_cast<uint8_t>(++count);
                                         if (call.touched != nullptr)
                                           call.touched->push_back({&memory, at, 1});
                                         slots[0] = static_cast<uint64_t>(count) * 10;
                                         return wasm::TrapCode::none;
                                       });
    EXPECT_TRUE(linker.define("host", "next", next));
    const auto made = linker.instantiate(module);
    EXPECT_TRUE(made.has_value());
    instance = *made;
  }

  /// Calls an exported function without parameters; false when it traps.
  bool call(std::string_view name) { return store->call(*instance->find(name)->func(), {}).has_value(); }
  abi::Instance& inside() { return *instance->abi(); }

  std::shared_ptr<runtime::Engine> engine;
  std::unique_ptr<runtime::Store> store;
  std::shared_ptr<runtime::Module> module;
  runtime::Instance* instance = nullptr;
};

}  // namespace cloche::debug::test
