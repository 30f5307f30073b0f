// Functions of the host: from C++ callables and over values.
#include <memory>

#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

int32_t triple(int32_t x) { return 3 * x; }
int32_t quick(int32_t x) noexcept { return x; }

TEST(HostFunc, FromFunctionsAndLambdas) {
  World world;
  ASSERT_TRUE(world.linker.func("env", "triple", triple));
  ASSERT_TRUE(world.linker.func("env", "quick", &quick));
  ASSERT_TRUE(world.linker.func("env", "half", [](double x) noexcept { return x / 2; }));
  const Instance instance = world.instance(R"((module
    (import "env" "triple" (func $triple (param i32) (result i32)))
    (import "env" "quick" (func $quick (param i32) (result i32)))
    (import "env" "half" (func $half (param f64) (result f64)))
    (func (export "triple") (param i32) (result i32) (call $quick (call $triple (local.get 0))))
    (func (export "half") (param f64) (result f64) (call $half (local.get 0)))))");
  EXPECT_EQ(test::call(instance, "triple", {14}), "42");
  EXPECT_EQ(test::call(instance, "half", {3.0}), "1.5");
}

TEST(HostFunc, KeepsItsState) {
  World world;
  auto log = std::make_shared<std::vector<int64_t>>();
  std::weak_ptr<std::vector<int64_t>> watch = log;
  {
    World inner;
    ASSERT_TRUE(inner.linker.func("env", "log",
                                  [log, count = 0](int64_t x) mutable { log->push_back(x + count++); }));
    const Instance instance = inner.instance(R"((module (import "env" "log" (func $log (param i64)))
      (func (export "f") (call $log (i64.const 10)) (call $log (i64.const 20)))))");
    EXPECT_EQ(test::call(instance, "f"), "");
    EXPECT_EQ(*log, (std::vector<int64_t>{10, 21}));
    log.reset();
    EXPECT_FALSE(watch.expired());
  }
  EXPECT_TRUE(watch.expired());  // goes with its store
}

TEST(HostFunc, TakesAndGivesEveryType) {
  World world;
  const Func swap = Func::wrap(world.store, [](int32_t a, const V128& b, float c, uint64_t d) {
    return std::tuple<uint64_t, float, V128, int32_t>(d, c, b, a);
  });
  EXPECT_EQ(swap.type().to_string(), "[i32 v128 f32 i64] -> [i64 f32 v128 i32]");
  ASSERT_TRUE(world.linker.define("env", "swap", swap));
  const Instance instance = world.instance(R"((module
    (import "env" "swap" (func $swap (param i32 v128 f32 i64) (result i64 f32 v128 i32)))
    (func (export "f") (result i64 f32 v128 i32)
      (call $swap (i32.const 1) (v128.const i32x4 2 3 4 5) (f32.const 6.5) (i64.const 7)))))");
  EXPECT_EQ(test::call(instance, "f"), "7 6.5 i32x4:2,3,4,5 1");
  // The host calls its own function without a guest between.
  EXPECT_EQ(swap.call({1, V128{}, 2.0f, int64_t{3}})->at(3).i32(), 1);
}

TEST(HostFunc, SeesTheCallersMemoryAndFunctions) {
  World world;
  std::string seen;
  ASSERT_TRUE(world.linker.func("env", "print", [&](Caller& caller, uint32_t at, uint32_t size) {
    seen = caller.memory()->text(at, size).value_or("outside");
    EXPECT_FALSE(caller.memory("missing"));
    EXPECT_FALSE(caller.memory("twice"));  // a function
    EXPECT_FALSE(caller.func("memory"));
    const auto twice = caller.func("twice")->typed<int32_t(int32_t)>();
    EXPECT_EQ(*(*twice)(21), 42);
  }));
  const Instance instance = world.instance(R"((module (import "env" "print" (func $print (param i32 i32)))
    (memory (export "memory") 1) (data (i32.const 16) "hello")
    (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "f") (param i32 i32) (call $print (local.get 0) (local.get 1)))))");
  EXPECT_EQ(test::call(instance, "f", {16, 5}), "");
  EXPECT_EQ(seen, "hello");
  EXPECT_EQ(test::call(instance, "f", {65536, 1}), "");
  EXPECT_EQ(seen, "outside");
}

TEST(HostFunc, WithoutAGuestThereIsNoCaller) {
  World world;
  const Func func = Func::wrap(world.store, [](Caller& caller) {
    EXPECT_FALSE(caller.memory());
    EXPECT_FALSE(caller.func("f"));
  });
  EXPECT_TRUE(func.call({}));
}

TEST(HostFunc, ErrorsBecomeTraps) {
  World world;
  ASSERT_TRUE(world.linker.func("env", "check", [](int32_t x) -> Result<int32_t> {
    if (x < 0) return Unexpected{Error(ErrorKind::usage, "negative: " + std::to_string(x))};
    return x + 1;
  }));
  ASSERT_TRUE(world.linker.func(
      "env", "fail", []() -> Result<void> { return Unexpected{Error(ErrorKind::io, "no luck")}; }));
  const Instance instance =
      world.instance(R"((module (import "env" "check" (func $check (param i32) (result i32)))
    (import "env" "fail" (func $fail))
    (func $outer (export "f") (param i32) (result i32) (call $check (local.get 0)))
    (func (export "fail") (call $fail))))");
  EXPECT_EQ(test::call(instance, "f", {1}), "2");
  EXPECT_EQ(test::call(instance, "fail"), "host error: no luck");
  const auto failed = instance.func("f")->call({-3});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind(), ErrorKind::trap);
  EXPECT_EQ(failed.error().message(), "host error: negative: -3");
  const Trap* trap = failed.error().trap();
  ASSERT_NE(trap, nullptr);
  EXPECT_EQ(trap->reason, "host error");
  EXPECT_EQ(trap->detail, "negative: -3");
  ASSERT_EQ(trap->trace.size(), 2u);
  EXPECT_TRUE(trap->trace[0].is_host);
  EXPECT_EQ(trap->trace[1].function, "outer");
}

TEST(HostFunc, TrapsOfNestedCallsKeepTheirReason) {
  World world;
  std::optional<Func> inner;
  ASSERT_TRUE(world.linker.func("env", "again", [&]() -> Result<void> {
    const auto result = inner->call({});
    EXPECT_THAT(result, FailsWith(ErrorKind::trap, ""));
    if (!result) return Unexpected{result.error()};
    return {};
  }));
  const Instance instance = world.instance(R"((module (import "env" "again" (func $again))
    (tag $t)
    (func (export "zero") (drop (i32.div_u (i32.const 1) (i32.const 0))))
    (func (export "throw") (throw $t))
    (func (export "f") (call $again))))");
  inner = *instance.func("zero");
  EXPECT_EQ(test::call(instance, "f"), "integer divide by zero");
  inner = *instance.func("throw");
  EXPECT_EQ(test::call(instance, "f"), "host error: uncaught exception");
}

TEST(HostFunc, OverValues) {
  World world;
  const auto func = Func::wrap_values(world.store, {"externref", "i32"}, {"i32", "externref"},
                                      [](Caller&, std::span<const Value> args) -> Result<std::vector<Value>> {
                                        if (args[1].i32() == 0)
                                          return Unexpected{Error(ErrorKind::usage, "zero")};
                                        if (args[1].i32() == 1) return std::vector<Value>{1};
                                        if (args[1].i32() == 2) return std::vector<Value>{args[0], args[1]};
                                        return std::vector<Value>{args[1], args[0]};
                                      });
  ASSERT_TRUE(func);
  EXPECT_EQ(func->type().to_string(), "[externref i32] -> [i32 externref]");
  ASSERT_TRUE(world.linker.define("env", "f", *func));
  const Instance instance = world.instance(R"((module
    (import "env" "f" (func $f (param externref i32) (result i32 externref)))
    (func (export "f") (param externref i32) (result i32 externref) (call $f (local.get 0) (local.get 1)))))");
  const Ref host = world.store.make_extern(9);
  EXPECT_EQ(test::call(instance, "f", {host, 3}), "3 ref.extern 9");
  EXPECT_EQ(test::call(instance, "f", {host, 0}), "host error: zero");
  EXPECT_EQ(test::call(instance, "f", {host, 1}), "host error: 1 results for the types [i32 externref]");
  EXPECT_EQ(test::call(instance, "f", {host, 2}),
            "host error: result 1: type mismatch: ref.extern 9 is not of type i32");
  EXPECT_EQ(test::call(instance, "f", {Ref(), 3}), "3 ref.null");
}

TEST(HostFunc, OverValuesNeedsKnownTypes) {
  World world;
  const auto body = [](Caller&, std::span<const Value>) -> Result<std::vector<Value>> {
    return std::vector<Value>();
  };
  EXPECT_THAT(Func::wrap_values(world.store, {"i33"}, {}, body),
              FailsWith(ErrorKind::usage, "no value type is named 'i33'"));
  EXPECT_THAT(Func::wrap_values(world.store, {}, {"ref"}, body), FailsWith(ErrorKind::usage, "'ref'"));
}

TEST(HostFunc, NestsUntilTheStackEnds) {
  World world;
  std::optional<Func> down;
  uint32_t depth = 0;
  ASSERT_TRUE(world.linker.func("env", "down", [&]() -> Result<void> {
    ++depth;
    const auto result = down->call({});
    if (!result) return Unexpected{result.error()};
    return {};
  }));
  const Instance instance =
      world.instance(R"((module (import "env" "down" (func $down)) (func (export "f") (call $down))))");
  down = *instance.func("f");
  EXPECT_EQ(test::call(instance, "f"), "call stack exhausted");
  EXPECT_GT(depth, 10u);
}

}  // namespace
}  // namespace cloche
