#include "cloche/config.hpp"

#include <algorithm>

#include "support.hpp"

namespace cloche {
namespace {

using test::World;

TEST(Config, TheDefaultIs30AndThreadsAndLegacyExceptions) {
  const Config config;
  EXPECT_TRUE(config.has_feature("tail-call"));
  EXPECT_TRUE(config.has_feature("threads"));
  EXPECT_TRUE(config.has_feature("legacy-exceptions"));
  EXPECT_FALSE(config.has_feature("wide-arithmetic"));
  EXPECT_FALSE(config.has_feature("custom-page-sizes"));
}

TEST(Config, Strict30SwitchesTheRestOff) {
  Config config;
  ASSERT_TRUE(config.set_feature("wide-arithmetic", true));
  EXPECT_EQ(&config.strict_3_0(), &config);
  EXPECT_TRUE(config.has_feature("tail-call"));
  EXPECT_FALSE(config.has_feature("threads"));
  EXPECT_FALSE(config.has_feature("legacy-exceptions"));
  EXPECT_FALSE(config.has_feature("wide-arithmetic"));
}

TEST(Config, FeaturesAreSwitchedByName) {
  Config config;
  for (const std::string_view name : Config::feature_names()) {
    for (const bool on : {false, true, true, false, false}) {
      EXPECT_TRUE(config.set_feature(name, on));
      EXPECT_EQ(config.has_feature(name), on) << name;
    }
  }
}

TEST(Config, UnknownFeaturesChangeNothing) {
  Config config;
  EXPECT_FALSE(config.set_feature("flight", true));
  EXPECT_FALSE(config.set_feature("", true));
  EXPECT_FALSE(config.has_feature("flight"));
  const auto names = Config::feature_names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "flight"), 0);
}

TEST(Config, FeaturesReachTheEngine) {
  constexpr std::string_view tail_call = "(module (func (export \"f\") (return_call 0)))";
  Config config;
  EXPECT_TRUE(Module::from_text(test::make_engine(config), tail_call));
  config.set_feature("tail-call", false);
  EXPECT_FALSE(Module::from_text(test::make_engine(config), tail_call));
}

TEST(Config, LimitsReachTheStore) {
  constexpr std::string_view deep = R"((module (func $f (export "f") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0))))))";
  Config frames;
  frames.max_frames = 50;
  World few(frames);
  Instance instance = few.instance(deep);
  EXPECT_EQ(test::call(instance, "f", {40}), "40");
  EXPECT_EQ(test::call(instance, "f", {60}), "call stack exhausted");

  Config bytes;
  bytes.value_stack_bytes = 64 << 10;
  World small(bytes);
  EXPECT_EQ(test::call(small.instance(deep), "f", {20000}), "call stack exhausted");
}

TEST(Config, TheHeapLimitIsATrap) {
  Config config;
  config.gc_heap_limit_bytes = 4 << 20;
  World world(config);
  const Instance instance = world.instance(R"((module (type $a (array i64))
    (func (export "f") (result i32) (array.len (array.new_default $a (i32.const 10000000))))))");
  EXPECT_EQ(test::call(instance, "f"), "out of memory");
}

TEST(Config, TheMemoryLimitStopsGrowth) {
  Config config;
  config.max_memory_bytes = 3 << 16;
  World world(config);
  const Instance instance = world.instance(
      R"((module (memory 1) (func (export "f") (param i32) (result i32) (memory.grow (local.get 0)))))");
  EXPECT_EQ(test::call(instance, "f", {2}), "1");
  EXPECT_EQ(test::call(instance, "f", {1}), "-1");
  EXPECT_THAT(Memory::create(world.store, 4), test::FailsWith(ErrorKind::resource, "out of memory"));
}

TEST(Config, EveryModeGivesTheSameResults) {
  constexpr std::string_view sum = R"((module (memory 1)
    (func (export "sum") (param $n i32) (result i32) (local $s i32)
      (loop $again
        (i32.store (i32.const 8) (local.get $s))
        (local.set $s (i32.add (i32.load (i32.const 8)) (local.get $n)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $s))))";
  for (const Quickening mode : {Quickening::never, Quickening::warm, Quickening::always}) {
    for (const bool flag : {false, true}) {
      Config config;
      config.quickening = mode;
      config.guard_pages = flag;
      config.deterministic = flag;
      config.gc_stress = flag;
      World world(config);
      EXPECT_EQ(test::call(world.instance(sum), "sum", {1000}), "500500");
    }
  }
}

}  // namespace
}  // namespace cloche
