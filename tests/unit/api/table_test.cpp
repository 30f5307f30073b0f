#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

constexpr std::string_view user = R"((module
  (import "env" "table" (table $t 2 funcref))
  (type $f (func (result i32)))
  (func $one (export "one") (result i32) (i32.const 1))
  (func (export "call") (param i32) (result i32) (call_indirect $t (type $f) (local.get 0)))
  (export "table" (table $t))))";

TEST(Table, HoldsReferences) {
  World world;
  const Table table = *Table::create(world.store, RefType::funcref, 2, 4);
  ASSERT_TRUE(world.linker.define("env", "table", table));
  const Instance instance = world.instance(user);
  EXPECT_EQ(table.size(), 2u);
  EXPECT_TRUE(table.get(0)->is_null());
  EXPECT_EQ(test::call(instance, "call", {0}), "uninitialized element");
  const Ref one = instance.func("one")->ref();
  EXPECT_TRUE(table.set(0, one));
  EXPECT_EQ(*table.get(0), one);
  EXPECT_EQ(test::call(instance, "call", {0}), "1");
  EXPECT_TRUE(table.set(0, Ref()));
  EXPECT_EQ(test::call(instance, "call", {0}), "uninitialized element");
  EXPECT_EQ(instance.table("table")->size(), 2u);
}

TEST(Table, Grows) {
  World world;
  const Table table = *Table::create(world.store, RefType::externref, 1, 3, world.store.make_extern(5));
  EXPECT_EQ(table.get(0)->extern_payload(), 5u);
  EXPECT_EQ(table.grow(1), 1u);
  EXPECT_TRUE(table.get(1)->is_null());
  EXPECT_EQ(table.grow(1, world.store.make_extern(6)), 2u);
  EXPECT_EQ(table.get(2)->extern_payload(), 6u);
  EXPECT_EQ(table.grow(1), std::nullopt);
  EXPECT_EQ(table.grow(0, Func::wrap(world.store, [] {}).ref()), std::nullopt);  // of another type
}

TEST(Table, KeepsItsElementsAlive) {
  Config config;
  config.gc_stress = true;
  World world(config);
  const Table table = *Table::create(world.store, RefType::externref, 10);
  for (uint64_t i = 0; i < 10; ++i) ASSERT_TRUE(table.set(i, world.store.make_extern(100 + i)));
  world.store.collect();
  for (uint64_t i = 0; i < 10; ++i) EXPECT_EQ(table.get(i)->extern_payload(), 100 + i);
}

TEST(Table, RefusesWrongUse) {
  World world;
  World other;
  const Table table = *Table::create(world.store, RefType::externref, 1);
  EXPECT_THAT(table.get(1), FailsWith(ErrorKind::usage, ""));
  EXPECT_THAT(table.set(1, Ref()), FailsWith(ErrorKind::usage, ""));
  EXPECT_THAT(table.set(0, Func::wrap(world.store, [] {}).ref()), FailsWith(ErrorKind::usage, "mismatch"));
  EXPECT_THAT(table.set(0, other.store.make_extern(1)), FailsWith(ErrorKind::usage, "another store"));
  EXPECT_THAT(Table::create(world.store, RefType::externref, 2, 1), FailsWith(ErrorKind::usage, "minimum"));
  EXPECT_THAT(Table::create(world.store, RefType::funcref, 1, 1, world.store.make_extern(1)),
              FailsWith(ErrorKind::usage, "mismatch"));
  EXPECT_THAT(Table::create(world.store, RefType::anyref, 1, 1, other.store.make_extern(1)),
              FailsWith(ErrorKind::usage, "another store"));
  EXPECT_FALSE(Table::create(world.store, RefType::exnref, ~uint64_t{0}));
}

}  // namespace
}  // namespace cloche
