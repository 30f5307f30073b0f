// References: what they keep alive and what they say about themselves.
#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

constexpr std::string_view makers = R"((module
  (type $s (struct (field i32)))
  (type $a (array i8))
  (tag $t)
  (global $kept (mut externref) (ref.null extern))
  (func $f (export "func") (result funcref) (ref.func $f))
  (func (export "struct") (param i32) (result anyref) (struct.new $s (local.get 0)))
  (func (export "field") (param anyref) (result i32) (struct.get $s 0 (ref.cast (ref $s) (local.get 0))))
  (func (export "array") (result anyref) (array.new_default $a (i32.const 3)))
  (func (export "i31") (param i32) (result anyref) (ref.i31 (local.get 0)))
  (func (export "i31_get") (param i31ref) (result i32) (i31.get_s (local.get 0)))
  (func (export "exn") (result exnref)
    (block (result exnref) (try_table (catch_all_ref 0) (throw $t)) (unreachable)))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "wrapped") (param externref) (result anyref) (any.convert_extern (local.get 0)))))";

Value call(const Instance& instance, std::string_view name, const std::vector<Value>& args = {}) {
  const auto results = instance.func(name)->call(args);
  EXPECT_TRUE(results) << results.error().message();
  return results->at(0);
}

TEST(Ref, SaysWhatItIs) {
  World world;
  const Instance instance = world.instance(makers);
  EXPECT_EQ(call(instance, "func").to_string(), "ref.func");
  EXPECT_EQ(call(instance, "struct", {1}).to_string(), "ref.struct");
  EXPECT_EQ(call(instance, "array").to_string(), "ref.array");
  EXPECT_EQ(call(instance, "exn").to_string(), "ref.exn");
  const Ref small = call(instance, "i31", {-7}).ref();
  EXPECT_TRUE(small.is_i31());
  EXPECT_EQ(small.i31_value(), -7);
  EXPECT_EQ(Value(small).to_string(), "ref.i31 -7");
  EXPECT_EQ(call(instance, "i31_get", {small}).i32(), -7);
  EXPECT_FALSE(small.is_extern());
  EXPECT_EQ(small.extern_payload(), 0u);
}

TEST(Ref, HostValuesComeBack) {
  World world;
  const Instance instance = world.instance(makers);
  const Ref host = world.store.make_extern(42);
  EXPECT_TRUE(host.is_extern());
  EXPECT_EQ(host.extern_payload(), 42u);
  const Ref same = call(instance, "same", {host}).ref();
  EXPECT_EQ(same, host);
  EXPECT_EQ(Value(same).to_string(), "ref.extern 42");
  EXPECT_EQ(call(instance, "wrapped", {host}).ref().extern_payload(), 42u);
  EXPECT_FALSE(host == Ref());
  EXPECT_FALSE(host == world.store.make_extern(42));
  EXPECT_TRUE(call(instance, "same", {Ref()}).ref().is_null());
}

TEST(Ref, KeepsItsObjectAlive) {
  Config config;
  config.gc_stress = true;
  World world(config);
  const Instance instance = world.instance(makers);
  std::vector<Ref> kept;
  for (int i = 0; i < 50; ++i) kept.push_back(call(instance, "struct", {i}).ref());
  world.store.collect();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(call(instance, "field", {kept[static_cast<size_t>(i)]}).i32(), i);
}

TEST(Ref, LetsItsObjectGo) {
  World world;
  const Instance instance = world.instance(makers);
  world.store.collect();
  const uint64_t before = world.store.gc_heap_bytes();
  std::vector<Ref> kept;
  for (int i = 0; i < 10000; ++i) kept.push_back(call(instance, "struct", {i}).ref());
  world.store.collect();
  const uint64_t during = world.store.gc_heap_bytes();
  EXPECT_GE(during, before + 10000 * 8);
  kept.clear();
  world.store.collect();
  // The stacks are scanned conservatively, so a few may survive.
  EXPECT_LT(world.store.gc_heap_bytes(), before + (during - before) / 100);
}

TEST(Ref, IsHarmlessAfterItsStore) {
  Ref object;
  Ref host;
  {
    World world;
    object = call(world.instance(makers), "struct", {1}).ref();
    host = world.store.make_extern(1);
  }
  EXPECT_FALSE(host.is_extern());
  EXPECT_EQ(Value(object).to_string(), "ref.dead");
  World world;
  const Instance instance = world.instance(makers);
  EXPECT_THAT(instance.func("same")->call({host}),
              FailsWith(ErrorKind::usage, "the store of the reference is gone"));
}

TEST(Ref, OfAnotherStoreIsRefused) {
  World one;
  World two;
  const Instance instance = two.instance(makers);
  EXPECT_THAT(instance.func("same")->call({one.store.make_extern(1)}),
              FailsWith(ErrorKind::usage, "the reference is of another store"));
  // An i31 has no store.
  EXPECT_EQ(call(instance, "i31_get", {call(one.instance(makers), "i31", {5}).ref()}).i32(), 5);
}

TEST(Ref, OfAnotherTypeIsRefused) {
  World world;
  const Instance instance = world.instance(makers);
  const Ref func = call(instance, "func").ref();
  EXPECT_THAT(instance.func("same")->call({func}), FailsWith(ErrorKind::usage, "mismatch"));
  EXPECT_THAT(instance.func("same")->call({1}), FailsWith(ErrorKind::usage, "argument 1: type mismatch"));
}

}  // namespace
}  // namespace cloche
