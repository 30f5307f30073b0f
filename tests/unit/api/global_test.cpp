// Globals and tags.
#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

TEST(Global, HoldsEveryNumber) {
  World world;
  for (const Value& value : {Value(1), Value(int64_t{-2}), Value(1.5f), Value(-2.5), Value(V128{{9}})}) {
    const Global global = *Global::create(world.store, value, true);
    EXPECT_EQ(global.get().to_string(), value.to_string());
    EXPECT_EQ(global.type().kind, value.kind());
    EXPECT_TRUE(global.is_mutable());
    EXPECT_TRUE(global.set(value));
    EXPECT_THAT(global.set(Ref()), FailsWith(ErrorKind::usage, "type mismatch"));
  }
}

TEST(Global, IsSharedWithTheGuest) {
  World world;
  const Global counter = *Global::create(world.store, int64_t{5}, true);
  ASSERT_TRUE(world.linker.define("env", "counter", counter));
  const Instance instance = world.instance(R"((module (import "env" "counter" (global $c (mut i64)))
    (func (export "next") (global.set $c (i64.add (global.get $c) (i64.const 1))))
    (global (export "constant") f32 (f32.const 0.5))
    (export "counter" (global $c))))");
  EXPECT_EQ(test::call(instance, "next"), "");
  EXPECT_EQ(counter.get().i64(), 6);
  EXPECT_TRUE(instance.global("counter")->set(int64_t{40}));
  EXPECT_EQ(test::call(instance, "next"), "");
  EXPECT_EQ(counter.get().i64(), 41);
  const Global constant = *instance.global("constant");
  EXPECT_FALSE(constant.is_mutable());
  EXPECT_EQ(constant.get().f32(), 0.5f);
  EXPECT_THAT(constant.set(1.0f), FailsWith(ErrorKind::usage, "immutable"));
  EXPECT_THAT(counter.set(1), FailsWith(ErrorKind::usage, "type mismatch"));
}

TEST(Global, HoldsReferences) {
  Config config;
  config.gc_stress = true;
  World world(config);
  const Global global = *Global::create(world.store, RefType::externref, world.store.make_extern(3), true);
  world.store.collect();
  EXPECT_EQ(global.get().ref().extern_payload(), 3u);
  EXPECT_TRUE(global.set(Ref()));
  EXPECT_TRUE(global.get().ref().is_null());
  EXPECT_EQ(global.type().text, "externref");
  World other;
  EXPECT_THAT(global.set(other.store.make_extern(1)), FailsWith(ErrorKind::usage, "another store"));
  EXPECT_THAT(Global::create(world.store, Ref(), true), FailsWith(ErrorKind::usage, "needs a type"));
  EXPECT_THAT(Global::create(world.store, RefType::funcref, world.store.make_extern(3), true),
              FailsWith(ErrorKind::usage, "mismatch"));
  EXPECT_THAT(Global::create(world.store, RefType::externref, other.store.make_extern(3), true),
              FailsWith(ErrorKind::usage, "another store"));
}

TEST(Tag, IsPassedOn) {
  World world;
  const Instance thrower = world.instance(R"((module (tag $t (export "t") (param i32 f64))
    (func (export "throw") (throw $t (i32.const 7) (f64.const 1)))))");
  const Tag tag = *thrower.tag("t");
  const auto params = tag.params();
  ASSERT_EQ(params.size(), 2u);
  EXPECT_EQ(params[0].text, "i32");
  EXPECT_EQ(params[1].kind, ValueKind::f64);
  ASSERT_TRUE(world.linker.define("env", "t", tag));
  ASSERT_TRUE(world.linker.define("env", "throw", *thrower.func("throw")));
  const Instance catcher = world.instance(R"((module (import "env" "t" (tag $t (param i32 f64)))
    (import "env" "throw" (func $throw))
    (func (export "f") (result i32)
      (block $caught (result i32 f64) (try_table (catch $t $caught) (call $throw)) (unreachable))
      (drop))))");
  EXPECT_EQ(test::call(catcher, "f"), "7");
  EXPECT_EQ(test::call(thrower, "throw"), "uncaught exception");
}

}  // namespace
}  // namespace cloche
