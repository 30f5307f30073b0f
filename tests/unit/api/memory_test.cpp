#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

constexpr uint64_t page = 65536;

TEST(Memory, ReadsAndWritesValues) {
  World world;
  const Memory memory = *Memory::create(world.store, 1, 2);
  EXPECT_EQ(memory.size_bytes(), page);
  EXPECT_EQ(memory.size_pages(), 1u);
  EXPECT_EQ(memory.view().size(), page);
  EXPECT_TRUE(memory.write<uint32_t>(4, 0x04030201));
  EXPECT_EQ(memory.view()[4], 1);
  EXPECT_EQ(memory.read<uint16_t>(6), 0x0403);
  EXPECT_EQ(memory.read<uint64_t>(page - 8), 0u);
  EXPECT_EQ(memory.read<uint64_t>(page - 7), std::nullopt);
  EXPECT_EQ(memory.read<uint8_t>(~uint64_t{0}), std::nullopt);
  EXPECT_TRUE(memory.write<uint8_t>(page - 1, 7));
  EXPECT_FALSE(memory.write<uint16_t>(page - 1, 0));
  EXPECT_EQ(memory.view()[page - 1], 7);
  EXPECT_TRUE(memory.write(16, 'h') && memory.write(17, 'i'));
  EXPECT_EQ(memory.text(16, 2), "hi");
  EXPECT_EQ(memory.text(page, 0), "");
  EXPECT_EQ(memory.text(page, 1), std::nullopt);
  EXPECT_EQ(memory.text(1, ~uint64_t{0}), std::nullopt);
}

TEST(Memory, GrowsWithoutMoving) {
  for (const bool guard_pages : {true, false}) {
    Config config;
    config.guard_pages = guard_pages;
    World world(config);
    const Memory memory = *Memory::create(world.store, 1, 3);
    const std::span<uint8_t> before = memory.view();
    before[0] = 42;
    EXPECT_EQ(memory.grow(2), 1u);
    EXPECT_EQ(memory.size_pages(), 3u);
    EXPECT_EQ(memory.view().data(), before.data());
    EXPECT_EQ(before.size(), page);
    EXPECT_EQ(memory.view().size(), 3 * page);
    EXPECT_EQ(before[0], 42);
    memory.view()[3 * page - 1] = 1;
    EXPECT_EQ(memory.grow(1), std::nullopt);
    EXPECT_EQ(memory.grow(0), 3u);
    EXPECT_EQ(memory.grow(~uint64_t{0}), std::nullopt);
  }
}

TEST(Memory, IsSharedWithTheGuest) {
  World world;
  const Memory memory = *Memory::create(world.store, 1);
  ASSERT_TRUE(world.linker.define("env", "memory", memory));
  const Instance instance = world.instance(R"((module (import "env" "memory" (memory 1))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "grow") (result i32) (i32.store (i32.const 0) (i32.const 77)) (memory.grow (i32.const 1)))
    (export "memory" (memory 0))))");
  ASSERT_TRUE(memory.write<int32_t>(100, -5));
  EXPECT_EQ(test::call(instance, "load", {100}), "-5");
  EXPECT_EQ(test::call(instance, "grow"), "1");
  EXPECT_EQ(memory.size_pages(), 2u);
  EXPECT_EQ(memory.read<int32_t>(0), 77);
  EXPECT_EQ(instance.memory("memory")->view().data(), memory.view().data());
  EXPECT_EQ(test::call(instance, "load", {131069}), "out of bounds memory access");
}

TEST(Memory, RefusesImpossibleSizes) {
  World world;
  EXPECT_THAT(Memory::create(world.store, 2, 1), FailsWith(ErrorKind::usage, "minimum is above its maximum"));
  EXPECT_FALSE(Memory::create(world.store, 65537));
  EXPECT_FALSE(Memory::create(world.store, ~uint64_t{0}));
}

TEST(Memory, PagesMayHaveAnotherSize) {
  Config config;
  ASSERT_TRUE(config.set_feature("custom-page-sizes", true));
  World world(config);
  const Instance instance = world.instance(R"((module (memory (export "m") 100 (pagesize 1))))");
  const Memory memory = *instance.memory("m");
  EXPECT_EQ(memory.size_bytes(), 100u);
  EXPECT_EQ(memory.size_pages(), 100u);
  EXPECT_EQ(memory.grow(5), 100u);
  EXPECT_EQ(memory.size_bytes(), 105u);
}

}  // namespace
}  // namespace cloche
