// Run-time types: layouts, displays, one per canonical type also when many threads ask at once.
#include "runtime/rtt_registry.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "module_builder.hpp"

namespace cloche::runtime {
namespace {

using namespace test;

/// (sub (struct i8)), (sub $0 (struct i8 i64 v128 anyref funcref)), (sub final $1 the same and f32), (array
/// i16), (array (ref null $0)), (func), (array (ref null $5))
ModuleBuilder hierarchy() {
  const Bytes more = {0x78, 0, i64, 0, v128, 0, anyref, 0, funcref, 0};
  ModuleBuilder builder;
  builder.section(type_section, {Bytes{0x50, 0, 0x5F, 1, 0x78, 0}, Bytes{0x50, 1, 0, 0x5F, 5} + more,
                                 Bytes{0x4F, 1, 1, 0x5F, 6} + more + Bytes{f32, 0}, Bytes{0x5E, 0x77, 0},
                                 Bytes{0x5E, 0x63, 0, 0}, func_type({}, {}), Bytes{0x5E, 0x63, 5, 0}});
  return builder;
}

TEST(RttRegistry, LayoutsFollowTheFields) {
  const auto module = hierarchy().build(Engine::create());
  ASSERT_TRUE(module);
  const abi::Rtt& rtt = *module->rtts()[2];
  EXPECT_EQ(rtt.kind, abi::GcKind::struct_);
  ASSERT_EQ(rtt.field_count, 6u);
  const uint32_t offsets[] = {8, 16, 24, 40, 48, 56};
  for (uint32_t i = 0; i < 6; ++i) EXPECT_EQ(rtt.field_offsets[i], offsets[i]) << i;
  EXPECT_EQ(rtt.size_bytes, 60u);
  ASSERT_EQ(rtt.ref_count, 1u);  // the funcref is none for the collector
  EXPECT_EQ(rtt.ref_offsets[0], 40u);
  EXPECT_EQ(module->rtts()[3]->elem_bytes, 2u);
  EXPECT_FALSE(module->rtts()[3]->elem_is_ref);
  EXPECT_TRUE(module->rtts()[4]->elem_is_ref);
  EXPECT_EQ(module->rtts()[5]->kind, abi::GcKind::func);
  EXPECT_FALSE(module->rtts()[6]->elem_is_ref);
}

TEST(RttRegistry, DisplaysAnswerSubtyping) {
  const auto module = hierarchy().build(Engine::create());
  ASSERT_TRUE(module);
  const abi::Rtt* const* const rtts = module->rtts();
  EXPECT_EQ(rtts[2]->depth, 2u);
  EXPECT_TRUE(abi::is_subtype(rtts[2], rtts[0]));
  EXPECT_TRUE(abi::is_subtype(rtts[2], rtts[1]));
  EXPECT_TRUE(abi::is_subtype(rtts[1], rtts[1]));
  EXPECT_FALSE(abi::is_subtype(rtts[0], rtts[1]));
  EXPECT_FALSE(abi::is_subtype(rtts[3], rtts[0]));
}

TEST(RttRegistry, ThreadsThatCompileAtOnceGetTheSameTypes) {
  const auto engine = Engine::create();
  std::vector<std::shared_ptr<Module>> modules(8);
  std::vector<std::thread> threads;
  for (auto& module : modules) threads.emplace_back([&] { module = hierarchy().build(engine); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& module : modules) {
    ASSERT_TRUE(module);
    for (uint32_t i = 0; i < 7; ++i) EXPECT_EQ(module->rtts()[i], modules[0]->rtts()[i]);
  }
}

}  // namespace
}  // namespace cloche::runtime
