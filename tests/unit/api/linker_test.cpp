// Linker and Instance: names for imports, exports by name.
#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

TEST(Linker, MissingImportsAreNamed) {
  World world;
  const Error error = world.failure(R"((module (import "env" "missing" (func (param i32)))))");
  EXPECT_EQ(error.kind(), ErrorKind::unlinkable);
  EXPECT_THAT(error.message(), testing::AllOf(testing::HasSubstr("unknown import"), testing::HasSubstr("env"),
                                              testing::HasSubstr("missing")));
}

TEST(Linker, WrongTypesAreNamedBoth) {
  World world;
  ASSERT_TRUE(world.linker.func("env", "f", [](int64_t) {}));
  const Error error = world.failure(R"((module (import "env" "f" (func (param i32)))))");
  EXPECT_EQ(error.kind(), ErrorKind::unlinkable);
  EXPECT_THAT(error.message(), testing::AllOf(testing::HasSubstr("incompatible import type"),
                                              testing::HasSubstr("[i32]"), testing::HasSubstr("[i64]")));
}

TEST(Linker, NamesAreTakenOnce) {
  World world;
  ASSERT_TRUE(world.linker.func("env", "f", [] {}));
  EXPECT_THAT(world.linker.func("env", "f", [] {}), FailsWith(ErrorKind::unlinkable, "defined twice"));
  EXPECT_TRUE(world.linker.func("env", "g", [] {}));
  EXPECT_TRUE(world.linker.func("other", "f", [] {}));
}

TEST(Linker, LinksInstancesToInstances) {
  World world;
  const Instance library = world.instance(R"((module
    (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (memory (export "memory") 1) (table (export "table") 1 funcref)
    (global (export "global") i32 (i32.const 8)) (tag (export "tag"))))");
  ASSERT_TRUE(world.linker.define_instance("library", library));
  const Instance program =
      world.instance(R"((module (import "library" "twice" (func $twice (param i32) (result i32)))
    (import "library" "memory" (memory 1)) (import "library" "table" (table 1 funcref))
    (import "library" "global" (global $g i32)) (import "library" "tag" (tag))
    (func (export "f") (result i32) (call $twice (global.get $g)))))");
  EXPECT_EQ(test::call(program, "f"), "16");
  // A second definition takes the place of the first.
  EXPECT_TRUE(world.linker.define_instance("library", program));
  EXPECT_EQ(world.failure(R"((module (import "library" "twice" (func (param i32) (result i32)))))").kind(),
            ErrorKind::unlinkable);
}

TEST(Linker, RefusesOtherStoresAndEngines) {
  World one;
  World two;
  EXPECT_THAT(two.linker.define("env", "f", Func::wrap(one.store, [] {})),
              FailsWith(ErrorKind::usage, "another store"));
  EXPECT_THAT(two.linker.define("env", "m", *Memory::create(one.store, 1)),
              FailsWith(ErrorKind::usage, "another store"));
  EXPECT_THAT(two.linker.define("env", "t", *Table::create(one.store, RefType::funcref, 1)),
              FailsWith(ErrorKind::usage, "another store"));
  EXPECT_THAT(two.linker.define("env", "g", *Global::create(one.store, 1, false)),
              FailsWith(ErrorKind::usage, "another store"));
  const Instance instance = one.instance(R"((module (tag (export "t"))))");
  EXPECT_THAT(two.linker.define("env", "x", *instance.tag("t")),
              FailsWith(ErrorKind::usage, "another store"));
  EXPECT_THAT(two.linker.define_instance("env", instance), FailsWith(ErrorKind::usage, "another store"));
  EXPECT_THAT(two.linker.instantiate(one.module("(module)")), FailsWith(ErrorKind::usage, "another engine"));
}

TEST(Linker, TrapsAtStartAreTraps) {
  World world;
  const Error error = world.failure("(module (func $s (unreachable)) (start $s))");
  EXPECT_EQ(error.kind(), ErrorKind::trap);
  EXPECT_EQ(error.trap()->reason, "unreachable");
  const Error segment = world.failure(R"((module (memory 1) (data (i32.const 65536) "x")))");
  EXPECT_EQ(segment.kind(), ErrorKind::trap);
  EXPECT_EQ(segment.trap()->reason, "out of bounds memory access");
}

TEST(Linker, MovesAndIsReplaced) {
  World world;
  ASSERT_TRUE(world.linker.func("env", "f", [] { return 3; }));
  Linker moved = std::move(world.linker);
  Store store(world.engine);
  world.linker = Linker(store);
  const Module module =
      world.module(R"((module (import "env" "f" (func $f (result i32))) (export "f" (func $f))))");
  EXPECT_EQ(test::call(*moved.instantiate(module), "f"), "3");
  EXPECT_THAT(world.linker.instantiate(module), FailsWith(ErrorKind::unlinkable, "env"));
}

TEST(Instance, FindsExportsByNameAndKind) {
  World world;
  const Instance instance = world.instance(R"((module (func (export "f")) (memory (export "m") 1)
    (table (export "t") 1 funcref) (global (export "g") i32 (i32.const 0)) (tag (export "x"))))");
  EXPECT_TRUE(instance.func("f"));
  EXPECT_TRUE(instance.memory("m"));
  EXPECT_TRUE(instance.table("t"));
  EXPECT_TRUE(instance.global("g"));
  EXPECT_TRUE(instance.tag("x"));
  EXPECT_THAT(instance.func("m"), FailsWith(ErrorKind::usage, "the export 'm' is a memory, not a function"));
  EXPECT_THAT(instance.memory("f"), FailsWith(ErrorKind::usage, "is a function, not a memory"));
  EXPECT_THAT(instance.table("g"), FailsWith(ErrorKind::usage, "is a global, not a table"));
  EXPECT_THAT(instance.global("t"), FailsWith(ErrorKind::usage, "is a table, not a global"));
  EXPECT_THAT(instance.tag("f"), FailsWith(ErrorKind::usage, "is a function, not a tag"));
  EXPECT_THAT(instance.func("x"), FailsWith(ErrorKind::usage, "is a tag, not a function"));
  EXPECT_THAT(
      instance.func("nope"),
      FailsWith(ErrorKind::usage, "no export is named 'nope'; the instance exports 'f', 'm', 't', 'g', 'x'"));
  EXPECT_THAT(world.instance("(module)").func("f"), FailsWith(ErrorKind::usage, "exports nothing"));
  EXPECT_EQ(instance.exports().size(), 5u);
}

TEST(Instance, LongListsOfExportsAreCut) {
  World world;
  std::string text = "(module (func $f)";
  for (int i = 0; i < 30; ++i) text += "(export \"f" + std::to_string(i) + "\" (func $f))";
  EXPECT_THAT(world.instance(text + ")").func("g"), FailsWith(ErrorKind::usage, "'f19' and 10 more"));
}

TEST(Instance, FindsFunctionsByIndex) {
  World world;
  ASSERT_TRUE(world.linker.func("env", "f", [] { return 1; }));
  const Instance instance =
      world.instance(R"((module (import "env" "f" (func (result i32))) (func (result i32) (i32.const 2))))");
  EXPECT_EQ(instance.func_at(0)->call({})->at(0).i32(), 1);
  EXPECT_EQ(instance.func_at(1)->call({})->at(0).i32(), 2);
  EXPECT_THAT(instance.func_at(2),
              FailsWith(ErrorKind::usage, "no function has index 2; the module has 2 functions"));
}

}  // namespace
}  // namespace cloche
