#include "debug/regions.hpp"

#include <gtest/gtest.h>

#include "binary/decoder.hpp"
#include "text/parser.hpp"

namespace cloche::debug {
namespace {

/// A module made from text, with its names.
struct Made {
  explicit Made(std::string_view source) {
    const auto features = wasm::FeatureSet::all();
    auto assembled = text::assemble(source, features);
    EXPECT_TRUE(assembled.has_value());
    module = *binary::decode(wasm::ModuleBytes(std::move(assembled->bytes)), features);
    names.emplace(module);
  }
  MemoryLayout layout(std::optional<uint64_t> size_bytes = std::nullopt) const {
    return find_regions(module, *names, 0, size_bytes);
  }
  wasm::Module module;
  std::optional<symbols::Names> names;
};

/// "kind begin-end name" for each region.
std::vector<std::string> listed(const MemoryLayout& layout) {
  std::vector<std::string> lines;
  for (const Region& region : layout.regions) {
    std::string line = std::string(region_kind_name(region.kind)) + " " + std::to_string(region.begin) + "-" +
                       std::to_string(region.end);
    if (!region.name.empty()) line += " " + region.name;
    lines.push_back(line);
  }
  return lines;
}
using Lines = std::vector<std::string>;

// As wasm-ld lays out: data, then the stack, then the heap.
constexpr std::string_view data_first = R"((module
  (memory 2)
  (global $__stack_pointer (mut i32) (i32.const 66576))
  (data $.rodata (i32.const 1024) "0123456789")
  (data $.data (i32.const 1036) "abcd")))";

TEST(Regions, DataFirst) {
  const Made made(data_first);
  const MemoryLayout layout = made.layout();
  EXPECT_EQ(listed(layout), (Lines{"null page 0-1024", "data 1024-1034 .rodata", "unclaimed 1034-1036",
                                   "data 1036-1040 .data", "shadow stack 1040-66576", "heap 66576-131072"}));
  ASSERT_TRUE(layout.stack);
  EXPECT_EQ(layout.stack->certainty, Certainty::stated);
  EXPECT_EQ(layout.stack->reason, "named __stack_pointer");
  EXPECT_EQ(layout.stack->low->certainty, Certainty::derived);
  EXPECT_EQ(layout.regions[4].certainty, Certainty::derived);
  EXPECT_EQ(layout.regions[1].certainty, Certainty::stated);
}

TEST(Regions, GrownMemoryIsHeap) {
  const Made made(data_first);
  const MemoryLayout layout = made.layout(3 * 65536);
  EXPECT_EQ(layout.initial_bytes, 131072u);
  EXPECT_EQ(layout.regions.back().end, 3 * 65536u);
  EXPECT_EQ(layout.regions.back().kind, RegionKind::heap);
}

// As rustc has it laid out.
TEST(Regions, StackFirst) {
  const Made made(R"((module
    (memory 17)
    (global $__stack_pointer (mut i32) (i32.const 1048576))
    (global (export "__data_end") i32 (i32.const 1048800))
    (global (export "__heap_base") i32 (i32.const 1048800))
    (data $.rodata (i32.const 1048576) "0123456789")))");
  const MemoryLayout layout = made.layout();
  EXPECT_EQ(listed(layout), (Lines{"shadow stack 0-1048576", "data 1048576-1048586 .rodata",
                                   "data 1048586-1048800 zeroed data", "heap 1048800-1114112"}));
  EXPECT_EQ(layout.stack->low->reason, "no data lies below the stack");
  EXPECT_EQ(layout.heap_base->certainty, Certainty::stated);
}

TEST(Regions, StatedLimitsWin) {
  const Made made(R"((module
    (memory 2)
    (global $__stack_pointer (mut i32) (i32.const 8192))
    (global (export "__stack_low") i32 (i32.const 4096))
    (global (export "__stack_high") i32 (i32.const 8192))
    (global (export "__heap_base") i32 (i32.const 16384))
    (global (export "__heap_end") i32 (i32.const 65536))))");
  const MemoryLayout layout = made.layout();
  EXPECT_EQ(listed(layout), (Lines{"null page 0-4096", "shadow stack 4096-8192", "unclaimed 8192-16384",
                                   "heap 16384-65536", "unclaimed 65536-131072"}));
  EXPECT_EQ(layout.regions[1].certainty, Certainty::stated);
}

TEST(Regions, APrologueGivesThePointerAway) {
  const Made made(R"((module
    (memory 1)
    (global (mut i32) (i32.const 1))
    (global (mut i32) (i32.const 4096))
    (func (local i32)
      (global.set 1 (local.tee 0 (i32.sub (global.get 1) (i32.const 32)))))
    (func (local i32)
      (global.set 1 (i32.sub (global.get 1) (i32.const 16))))
    (func (global.set 0 (i32.const 2)))))");
  const MemoryLayout layout = made.layout();
  ASSERT_TRUE(layout.stack);
  EXPECT_EQ(layout.stack->pointer_global, 1u);
  EXPECT_EQ(layout.stack->certainty, Certainty::guessed);
  EXPECT_EQ(layout.stack->reason, "2 of 3 functions begin by lowering it");
  EXPECT_EQ(listed(layout)[0], "shadow stack 0-4096");
  EXPECT_EQ(layout.regions[0].certainty, Certainty::guessed);
}

// clang -O0 keeps pointer and size in locals on the way.
TEST(Regions, SoDoesAnUnoptimizedOne) {
  const Made made(R"((module
    (memory 1)
    (global (mut i32) (i32.const 4096))
    (func (local i32 i32 i32)
      global.get 0  local.set 0  i32.const 16  local.set 1
      local.get 0  local.get 1  i32.sub  local.set 2
      local.get 2  global.set 0)))");
  ASSERT_TRUE(made.layout().stack);
  EXPECT_EQ(made.layout().stack->pointer_global, 0u);
}

TEST(Regions, CountersAreNoStackPointers) {
  const Made made(R"((module
    (memory 1)
    (global $up (mut i32) (i32.const 4096))
    (global $down (mut i64) (i64.const 4096))
    (func (global.set $up (i32.add (global.get $up) (i32.const 16))))
    (func (global.set $down (i64.sub (global.get $down) (i64.const 16))))))");
  EXPECT_FALSE(made.layout().stack);
  EXPECT_EQ(listed(made.layout()), Lines{"unclaimed 0-65536"});
}

TEST(Regions, SegmentsOverlapAndLeaveTheMemory) {
  const Made made(R"((module
    (memory 1)
    (global $base i32 (i32.const 65530))
    (data (i32.const 8) "0123456789")
    (data (i32.const 10) "01234567890123456789")
    (data (global.get $base) "0123456789")
    (data "passive")))");
  EXPECT_EQ(listed(made.layout()), (Lines{"null page 0-8", "data 8-18 segment 0", "data 18-30 segment 1",
                                          "unclaimed 30-65530", "data 65530-65536 segment 2"}));
}

TEST(Regions, PlacesThatAnImportDecidesAreUnknown) {
  const Made made(R"((module
    (import "env" "base" (global $base i32))
    (import "env" "__stack_pointer" (global $sp (mut i32)))
    (memory 1)
    (data (global.get $base) "abc")))");
  const MemoryLayout layout = made.layout();
  ASSERT_TRUE(layout.stack);
  EXPECT_EQ(layout.stack->reason, "imported as __stack_pointer");
  EXPECT_FALSE(layout.stack->initial_pointer);
  EXPECT_EQ(listed(layout), Lines{"unclaimed 0-65536"});
}

TEST(Regions, DescribeAddresses) {
  const MemoryLayout layout = Made(data_first).layout();
  EXPECT_EQ(layout.describe(0), "0 bytes into the null page (0 to 1024)");
  EXPECT_EQ(layout.describe(1025), "1 byte into data .rodata (1024 to 1034)");
  EXPECT_EQ(layout.describe(1035), "1 byte into unclaimed memory (1034 to 1036)");
  EXPECT_EQ(layout.describe(66575), "65535 bytes into the shadow stack (1040 to 66576)");
  EXPECT_EQ(layout.describe(131072 + 48), "48 bytes beyond the end of memory (131072)");
  EXPECT_EQ(layout.find(131072), nullptr);
}

TEST(Regions, AMemoryWithoutPagesHasNone) {
  EXPECT_TRUE(Made("(module (memory 0))").layout().regions.empty());
}

TEST(ConstValues, ComputeWhatTheModuleTells) {
  const Made made(R"((module
    (import "env" "x" (global $x i32))
    (global $a i32 (i32.const -4))
    (global $b i64 (i64.sub (i64.const 5) (i64.const 7)))
    (global $c i32 (i32.add (global.get $a) (i32.const 8)))
    (global $d i32 (i32.add (global.get $x) (i32.const 8)))
    (global $e f32 (f32.const 1))
    (global $f (ref null func) (ref.null func))))");
  const ConstValues values(made.module);
  EXPECT_EQ(values.global(0), std::nullopt);
  EXPECT_EQ(values.global(1), 0xFFFFFFFCu);
  EXPECT_EQ(values.global(2), 0xFFFFFFFFFFFFFFFEu);
  EXPECT_EQ(values.global(3), 4u);
  EXPECT_EQ(values.global(4), std::nullopt);
  EXPECT_EQ(values.global(5), std::nullopt);
  EXPECT_EQ(values.global(6), std::nullopt);
  EXPECT_EQ(values.global(7), std::nullopt);
}

}  // namespace
}  // namespace cloche::debug
