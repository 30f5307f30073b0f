// Store: its lifetime, interruption, and what a trap says.
#include <chrono>
#include <thread>

#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

TEST(Store, IsMadeWithAndWithoutAResult) {
  const Engine engine = test::make_engine();
  auto store = Store::create(engine);
  ASSERT_TRUE(store);
  EXPECT_EQ(store->gc_heap_bytes(), 0u);
  Store other(engine);
  other.collect();
}

TEST(Store, RefusalIsAnError) {
  Config config;
  config.value_stack_bytes = uint64_t{1} << 60;
  EXPECT_THAT(Store::create(test::make_engine(config)), FailsWith(ErrorKind::resource, ""));
}

TEST(Store, HandlesStayValidWhenItMoves) {
  const Engine engine = test::make_engine();
  Store store(engine);
  Linker linker(store);
  ASSERT_TRUE(linker.func("env", "f", [] { return 5; }));
  const auto module = Module::from_text(engine, R"((module (import "env" "f" (func $f (result i32)))
    (memory (export "m") 1) (func (export "g") (result i32) (call $f))))");
  const Instance instance = *linker.instantiate(*module);
  Store moved(std::move(store));
  EXPECT_EQ(test::call(instance, "g"), "5");
  EXPECT_TRUE(linker.func("env", "h", [] { return 6; }));  // made in the store where it is now
  EXPECT_TRUE(linker.instantiate(*module));
  Store again(engine);
  again = std::move(moved);
  EXPECT_EQ(test::call(instance, "g"), "5");
  EXPECT_TRUE(instance.memory("m")->write(0, 1));
}

TEST(Store, KeepsEngineAndModulesAlive) {
  std::optional<Store> store;
  std::optional<Instance> instance;
  {
    const Engine engine = test::make_engine();
    store.emplace(engine);
    Linker linker(*store);
    instance = *linker.instantiate(
        *Module::from_text(engine, R"((module (func (export "f") (result i32) (i32.const 1))))"));
  }
  EXPECT_EQ(test::call(*instance, "f"), "1");
}

TEST(Store, ManyAtOnce) {
  const Engine engine = test::make_engine();
  const auto module = Module::from_text(engine, R"((module (memory 1) (global $g (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g))))");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        Store store(engine);
        Linker linker(store);
        const auto next = *linker.instantiate(*module)->func<int32_t()>("next");
        for (int32_t n = 1; n <= 100; ++n) EXPECT_EQ(*next(), n);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Store, InterruptsALoop) {
  for (const Quickening mode : {Quickening::never, Quickening::always}) {
    Config config;
    config.quickening = mode;
    World world(config);
    const Instance instance = world.instance(R"((module (func (export "forever") (loop (br 0)))
      (func (export "f") (result i32) (i32.const 1))))");
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      world.store.interrupt();
    });
    EXPECT_EQ(test::call(instance, "forever"), "interrupted");
    other.join();
    EXPECT_EQ(test::call(instance, "f"), "1");
  }
}

TEST(Trap, HasABacktraceWithNames) {
  World world;
  const Instance instance = world.instance(R"((module
    (func $inner (param i32) (if (i32.eqz (local.get 0)) (then (unreachable))))
    (func (export "exported") (param i32) (call $inner (local.get 0)))
    (func (param i32) (call 1 (local.get 0)))
    (func $outer (export "go") (call 2 (i32.const 0)))))");
  const auto failed = instance.func("go")->call({});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind(), ErrorKind::trap);
  EXPECT_EQ(failed.error().message(), "unreachable");
  EXPECT_FALSE(failed.error().offset());
  const Trap& trap = *failed.error().trap();
  EXPECT_EQ(trap.reason, "unreachable");
  EXPECT_EQ(trap.detail, "");
  EXPECT_EQ(trap.frames_omitted, 0u);
  ASSERT_EQ(trap.trace.size(), 4u);
  EXPECT_EQ(trap.trace[0].function, "inner");
  EXPECT_EQ(trap.trace[1].function, "exported");
  EXPECT_EQ(trap.trace[2].function, "");
  EXPECT_EQ(trap.trace[2].function_index, 2u);
  EXPECT_EQ(trap.trace[3].function, "outer");
  for (const TraceFrame& frame : trap.trace) {
    EXPECT_GT(frame.offset, 8u);
    EXPECT_FALSE(frame.is_host);
  }
  // Copies of the error share the trap.
  const Error copy = failed.error();
  EXPECT_EQ(copy.trap(), failed.error().trap());
}

TEST(Trap, NamesThePlacesInTheText) {
  World world;
  const Instance instance = world.instance(
      "(module\n"
      "  (func $inner\n"
      "    (; comment ;) unreachable)\n"
      "  (func (export \"go\")\n"
      "    call $inner))");
  const auto failed = instance.func("go")->call({});
  ASSERT_FALSE(failed);
  const Trap& trap = *failed.error().trap();
  ASSERT_EQ(trap.trace.size(), 2u);
  const std::pair<uint32_t, uint32_t> expected[] = {{3, 19}, {5, 5}};
  for (size_t i = 0; i < 2; ++i) {
    const TraceFrame& frame = trap.trace[i];
    ASSERT_TRUE(frame.place);
    EXPECT_EQ(frame.place->file, "");
    EXPECT_EQ(frame.place->position.line, expected[i].first);
    EXPECT_EQ(frame.place->position.column, expected[i].second);
    EXPECT_TRUE(frame.inlined.empty());
  }
}

TEST(Trap, DeepTracesAreCutInTheMiddle) {
  World world;
  const auto failed = world.instance("(module (func $f (export \"f\") (call $f)))").func("f")->call({});
  ASSERT_FALSE(failed);
  const Trap& trap = *failed.error().trap();
  EXPECT_EQ(trap.reason, "call stack exhausted");
  EXPECT_LT(trap.trace.size(), 1000u);
  EXPECT_GT(trap.frames_omitted, 1000u);
}

}  // namespace
}  // namespace cloche
