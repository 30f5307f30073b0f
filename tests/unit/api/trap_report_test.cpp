// What traps tell an embedder.
#include "support.hpp"

namespace cloche {
namespace {

using test::World;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view text = R"((module
  (memory 1)
  (func $read (export "read") (param $at i32) (result i32) (i32.load offset=4 (local.get $at)))
  (func $outer (export "outer") (result i32) (call $read (i32.const 65534)))))";

Trap trap_of(const Instance& instance) {
  const auto result = instance.func("outer")->call({});
  EXPECT_FALSE(result);
  return *result.error().trap();
}

TEST(TrapReport, IsBriefAtFirst) {
  World world;
  const Trap trap = trap_of(world.instance(text));
  EXPECT_EQ(trap.detail, "");
  EXPECT_EQ(trap.report(),
            "out of bounds memory access\n  0: $read at 0x37, 3:61\n  1: $outer at 0x41, 4:47\n");
}

TEST(TrapReport, TellsWhatTheMachineShows) {
  World world;
  world.store.report_traps(TrapReport::full);
  const Instance instance = world.instance(text);
  const Trap trap = trap_of(instance);
  EXPECT_THAT(trap.report(),
              HasSubstr("out of bounds memory access\n  at i32.load offset=4 with at = 65534\n"));
  EXPECT_THAT(trap.report(), HasSubstr("2 bytes beyond its end"));
  EXPECT_THAT(trap.report(), HasSubstr("  0: $read at 0x37"));
  world.store.report_traps(TrapReport::advice);
  EXPECT_GT(trap_of(instance).report().size(), trap.report().size() + 40);
  world.store.report_traps(TrapReport::brief);
  EXPECT_EQ(trap_of(instance).detail, "");
}

TEST(TrapReport, WhatHostFunctionsSayStaysOnOneLine) {
  World world;
  ASSERT_TRUE(world.linker.func("host", "fail", []() -> Result<void> {
    return Unexpected{Error(ErrorKind::io, "no such\x1b[31m file")};
  }));
  const Instance instance =
      world.instance(R"((module (import "host" "fail" (func $fail)) (func (export "outer") (call $fail))))");
  const std::string report = trap_of(instance).report();
  EXPECT_THAT(report, HasSubstr("host error: no such\\1b[31m file\n"));
  EXPECT_THAT(report, HasSubstr("(host)\n"));
}

}  // namespace
}  // namespace cloche
