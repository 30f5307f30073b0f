// Allocating in the guest: conventions, what is checked of what the guest says, who frees.
#include "support.hpp"

namespace cloche {
namespace {

using test::call;
using test::FailsWith;
using test::World;

/// A bump allocator that counts what is freed, and whose next address can be set; exports are added per test.
std::string module_text(std::string_view exports, std::string_view address = "i32") {
  std::string text = R"((module
  (memory (export "memory") @MEMORY 1 2)
  (global $next (export "next") (mut @A) (@A.const 16))
  (global $freed (export "freed") (mut @A) (@A.const 0))
  (global $freed_size (export "freed_size") (mut @A) (@A.const 0))
  (global $align (export "align") (mut @A) (@A.const 0))
  (func $bump (param $size @A) (result @A)
    (global.get $next)
    (global.set $next (@A.add (global.get $next) (local.get $size))))
  (func $bump_aligned (param $size @A) (param $align @A) (result @A)
    (global.set $align (local.get $align))
    (global.set $next
      (@A.and (@A.add (global.get $next) (@A.sub (local.get $align) (@A.const 1)))
              (@A.sub (@A.const 0) (local.get $align))))
    (call $bump (local.get $size)))
  (func $free (param $at @A) (global.set $freed (local.get $at)))
  (func $free_sized (param $at @A) (param $size @A)
    (global.set $freed (local.get $at)) (global.set $freed_size (local.get $size)))
  (func $free_aligned (param $at @A) (param $size @A) (param $align @A)
    (call $free_sized (local.get $at) (local.get $size)) (global.set $align (local.get $align)))
  (func $realloc (param $old @A) (param $old_size @A) (param $align @A) (param $size @A) (result @A)
    (if (@A.ne (local.get $old) (@A.const 0)) (then unreachable))
    (call $bump_aligned (local.get $size) (local.get $align)))
  (func $new (param $size @A) (param $class @A) (result @A) (call $bump (local.get $size)))
  (func $pin (param $at @A) (result @A) (global.set $align (@A.const 777)) (local.get $at))
  (func $trap (param @A) (result @A) unreachable)
  (func $sum (param $at @A) (param $size @A) (result i32) (local $sum i32)
    (loop $more
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
      (local.set $at (@A.add (local.get $at) (@A.const 1)))
      (br_if $more (@A.ne (local.tee $size (@A.sub (local.get $size) (@A.const 1))) (@A.const 0))))
    (local.get $sum))
  (export "sum" (func $sum))
@EXPORTS))";
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
  };
  replace("@EXPORTS", exports);
  replace("@MEMORY", address == "i64" ? "i64" : "");
  replace("@A", address);
  return text;
}

constexpr std::string_view c_exports = R"((export "malloc" (func $bump)) (export "free" (func $free)))";

uint64_t global(const Instance& instance, std::string_view name) {
  const auto found = instance.global(name);
  EXPECT_TRUE(found);
  return found->get().bits();
}

void set_next(const Instance& instance, Value value) { EXPECT_TRUE(instance.global("next")->set(value)); }

TEST(GuestHeap, CopiesInAndFreesAtTheEnd) {
  World world;
  const Instance instance = world.instance(module_text(c_exports));
  const auto heap = GuestHeap::find(instance);
  ASSERT_TRUE(heap) << heap.error().message();
  EXPECT_EQ(heap->allocator().allocate, "malloc");
  {
    const auto text = heap->copy_in("abc");
    ASSERT_TRUE(text);
    EXPECT_EQ(text->address(), 16u);
    EXPECT_EQ(text->address32(), 16u);
    EXPECT_EQ(text->size(), 3u);
    EXPECT_EQ(text->text(), "abc");
    EXPECT_EQ(call(instance, "sum", {text->address32(), uint32_t{3}}), "294");
    EXPECT_EQ(instance.memory("memory")->text(16, 3), "abc");
    EXPECT_EQ(global(instance, "freed"), 0u);
  }
  EXPECT_EQ(global(instance, "freed"), 16u);
}

TEST(GuestHeap, CStringsEndWithZero) {
  World world;
  const Instance instance = world.instance(module_text(c_exports));
  const auto heap = GuestHeap::find(instance);
  instance.memory("memory")->view()[19] = 9;
  const auto text = heap->copy_in_c_string("abc");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->size(), 4u);
  EXPECT_EQ(text->text(), std::string_view("abc\0", 4));
  EXPECT_THAT(heap->copy_in_c_string(std::string_view("a\0b", 3)),
              FailsWith(ErrorKind::usage, "zero at byte 1"));
}

TEST(GuestHeap, ValuesAreAlignedAndReadBack) {
  World world;
  const Instance instance = world.instance(module_text(c_exports));
  const auto heap = GuestHeap::find(instance);
  set_next(instance, int32_t{17});
  const std::vector<uint64_t> numbers = {1, 2, uint64_t{1} << 63};
  auto block = heap->copy_in(std::span<const uint64_t>(numbers));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->address() % 8, 0u);
  EXPECT_EQ(global(instance, "freed"), 17u);  // the first try was not aligned
  EXPECT_EQ(block->read<uint64_t>(16), uint64_t{1} << 63);
  EXPECT_EQ(block->read<uint64_t>(17), std::nullopt);
  EXPECT_EQ(block->read<uint64_t>(~uint64_t{0}), std::nullopt);
  EXPECT_TRUE(block->write<uint32_t>(20, 5));
  EXPECT_FALSE(block->write<uint32_t>(21, 5));
  EXPECT_EQ(block->read<uint64_t>(16), uint64_t{5} << 32);
  EXPECT_TRUE(block->free());
  EXPECT_EQ(global(instance, "freed"), 41u);  // what the allocator returned, not what was made of it
  EXPECT_THAT(heap->allocate(8, 3), FailsWith(ErrorKind::usage, "power of two"));
}

TEST(GuestHeap, NoBytesHaveAnAddressToo) {
  World world;
  const Instance instance = world.instance(module_text(c_exports));
  const auto heap = GuestHeap::find(instance);
  const auto block = heap->allocate(0);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->size(), 0u);
  EXPECT_TRUE(block->bytes().empty());
  EXPECT_EQ(global(instance, "next"), 17u);
}

TEST(GuestHeap, BlocksMoveAndAreFreedOnce) {
  World world;
  const Instance instance = world.instance(module_text(c_exports));
  const auto heap = GuestHeap::find(instance);
  auto first = *heap->allocate(8);
  GuestBuffer second = std::move(first);
  EXPECT_TRUE(first.bytes().empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(first.free());
  EXPECT_EQ(global(instance, "freed"), 0u);
  second = *heap->allocate(8);
  EXPECT_EQ(global(instance, "freed"), 16u);
  EXPECT_EQ(second.address(), 24u);
  EXPECT_EQ(second.give(), 24u);
  EXPECT_TRUE(second.bytes().empty());
  EXPECT_TRUE(second.free());
  EXPECT_EQ(global(instance, "freed"), 16u);
  EXPECT_TRUE(heap->release(99));
  EXPECT_EQ(global(instance, "freed"), 99u);
}

TEST(GuestHeap, KnowsTheConventionsOfToolchains) {
  struct Case {
    std::string_view exports;
    std::string_view allocate;
    uint64_t freed, freed_size, align;
  };
  const Case cases[] = {
      {R"((export "__wbindgen_malloc" (func $bump_aligned)) (export "__wbindgen_free" (func $free_aligned)))",
       "__wbindgen_malloc", 16, 5, 4},
      {R"((export "__wbindgen_malloc" (func $bump)) (export "__wbindgen_free" (func $free_sized)))",
       "__wbindgen_malloc", 16, 5, 0},
      {R"((export "__new" (func $new)) (export "__pin" (func $pin)) (export "__unpin" (func $free)))",
       "__new", 16, 0, 777},
      {R"((export "allocate" (func $bump)) (export "deallocate" (func $free_sized)))", "allocate", 16, 5, 0},
      {R"((export "alloc" (func $bump)) (export "dealloc" (func $free)))", "alloc", 16, 0, 0},
      {R"((export "cabi_realloc" (func $realloc)))", "cabi_realloc", 0, 0, 4},
  };
  for (const Case& each : cases) {
    World world;
    const Instance instance = world.instance(module_text(each.exports));
    const auto heap = GuestHeap::find(instance);
    ASSERT_TRUE(heap) << each.exports << heap.error().message();
    EXPECT_EQ(heap->allocator().allocate, each.allocate);
    {
      EXPECT_EQ(heap->allocate(5, 4)->address(), 16u);
    }
    EXPECT_EQ(global(instance, "freed"), each.freed) << each.exports;
    EXPECT_EQ(global(instance, "freed_size"), each.freed_size) << each.exports;
    EXPECT_EQ(global(instance, "align"), each.align) << each.exports;
  }
}

TEST(GuestHeap, AnyAllocatorCanBeDescribed) {
  World world;
  const Instance instance = world.instance(module_text(
      R"((export "get" (func $realloc)) (export "put" (func $free_sized)) (export "m" (memory 0)))"));
  GuestAllocator names;
  names.memory = "m";
  names.allocate = "get", names.allocate_takes = "00as";
  names.release = "put", names.release_takes = "ps";
  const auto heap = GuestHeap::find(instance, names);
  ASSERT_TRUE(heap) << heap.error().message();
  {
    EXPECT_TRUE(heap->copy_in("text"));
  }
  EXPECT_EQ(global(instance, "freed_size"), 4u);

  const auto refused = [&](auto change, std::string_view part) {
    GuestAllocator wrong = names;
    change(wrong);
    EXPECT_THAT(GuestHeap::find(instance, wrong), FailsWith(ErrorKind::usage, std::string(part)));
  };
  refused([](GuestAllocator& it) { it.memory = "memories"; }, "no memory 'memories'");
  refused([](GuestAllocator& it) { it.allocate = "malloc"; }, "no function 'malloc'");
  refused([](GuestAllocator& it) { it.allocate_takes = "s"; },
          "'get' has the type [i32 i32 i32 i32] -> [i32], not [i32] -> [i32]");
  refused([](GuestAllocator& it) { it.allocate_takes = "00ax"; }, "'x' has no meaning");
  refused([](GuestAllocator& it) { it.allocate_takes = "0000"; }, "must be told a size");
  refused([](GuestAllocator& it) { it.release_takes = "p"; }, "'put' has the type");
  refused([](GuestAllocator& it) { it.release = "puts"; }, "no function 'puts'");
}

TEST(GuestHeap, SaysWhatItLookedFor) {
  World world;
  EXPECT_THAT(GuestHeap::find(world.instance("(module (memory (export \"memory\") 1))")),
              FailsWith(ErrorKind::usage, "no allocator that is known: malloc, __wbindgen_malloc, __new"));
  EXPECT_THAT(GuestHeap::find(world.instance(module_text(R"((export "malloc" (func $bump_aligned)))"))),
              FailsWith(ErrorKind::usage, "'malloc' has the type [i32 i32] -> [i32], not [i32] -> [i32]"));
}

TEST(GuestHeap, DoesNotBelieveTheAllocator) {
  World world;
  const Instance instance = world.instance(module_text(c_exports));
  const auto heap = GuestHeap::find(instance);
  set_next(instance, int32_t{0});
  EXPECT_THAT(heap->allocate(8), FailsWith(ErrorKind::resource, "'malloc' returned null for 8 bytes"));
  set_next(instance, int32_t{65529});
  EXPECT_THAT(heap->allocate(8),
              FailsWith(ErrorKind::guest, "returned 65529 for 8 bytes, which is not inside"));
  set_next(instance, int32_t{65528});
  EXPECT_TRUE(heap->allocate(8));
  set_next(instance, int32_t{-1});
  EXPECT_THAT(heap->allocate(8), FailsWith(ErrorKind::guest, "returned 4294967295"));
  set_next(instance, int32_t{16});
  EXPECT_THAT(heap->allocate(uint64_t{1} << 32), FailsWith(ErrorKind::resource, "32-bit addresses"));
  EXPECT_THAT(heap->allocate(~uint64_t{0}), FailsWith(ErrorKind::resource, "32-bit addresses"));
  EXPECT_THAT(heap->allocate(70000), FailsWith(ErrorKind::guest, "not inside its memory of 65536 bytes"));
  // Not aligned although it was told.
  const Instance other = world.instance(module_text(
      R"((export "__wbindgen_malloc" (func $new)) (export "__wbindgen_free" (func $free_aligned)))"));
  set_next(other, int32_t{17});
  EXPECT_THAT(GuestHeap::find(other)->allocate(8, 4),
              FailsWith(ErrorKind::guest, "17, which is no multiple of 4"));
}

TEST(GuestHeap, TrapsInTheAllocatorAreErrors) {
  World world;
  const Instance instance =
      world.instance(module_text(R"((export "malloc" (func $trap)) (export "free" (func $free)))"));
  EXPECT_THAT(GuestHeap::find(instance)->copy_in("abc"), FailsWith(ErrorKind::trap, "unreachable"));
}

TEST(GuestHeap, SeesMemoryThatGrowsMeanwhile) {
  World world;
  const Instance instance = world.instance(module_text(c_exports));
  const auto heap = GuestHeap::find(instance);
  ASSERT_TRUE(instance.memory("memory")->grow(1));
  set_next(instance, int32_t{65536 + 8});
  const auto text = heap->copy_in("behind the first page");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->text(), "behind the first page");
}

TEST(GuestHeap, Memory64) {
  World world;
  const Instance instance = world.instance(module_text(c_exports, "i64"));
  const auto heap = GuestHeap::find(instance);
  ASSERT_TRUE(heap) << heap.error().message();
  {
    const auto text = heap->copy_in("abc");
    ASSERT_TRUE(text);
    EXPECT_EQ(call(instance, "sum", {text->address(), uint64_t{3}}), "294");
  }
  EXPECT_EQ(global(instance, "freed"), 16u);
  set_next(instance, int64_t{-8});
  EXPECT_THAT(heap->allocate(8), FailsWith(ErrorKind::guest, "returned 18446744073709551608"));
  set_next(instance, int64_t{16});
  EXPECT_THAT(heap->allocate(~uint64_t{0}), FailsWith(ErrorKind::guest, "not inside"));
  set_next(instance, int64_t{17});
  EXPECT_THAT(heap->allocate(~uint64_t{0} - 17, 16), FailsWith(ErrorKind::guest, "not inside"));
}

TEST(GuestHeap, AHostFunctionAllocatesInItsCaller) {
  World world;
  std::string problem;
  ASSERT_TRUE(world.linker.func("host", "name", [&](Caller& caller) -> Result<uint32_t> {
    auto heap = GuestHeap::find(caller);
    if (!heap) return Unexpected{heap.error()};
    auto text = heap->copy_in_c_string("cloche");
    if (!text) return Unexpected{text.error()};
    return static_cast<uint32_t>(text->give());
  }));
  const Instance instance = world.instance(R"((module
    (import "host" "name" (func $name (result i32)))
    (memory (export "memory") 1)
    (func (export "malloc") (param i32) (result i32) (i32.const 1000))
    (func (export "free") (param i32) unreachable)
    (func (export "run") (result i32) (i32.load8_u offset=2 (call $name)))))");
  EXPECT_EQ(call(instance, "run"), "111");
}

}  // namespace
}  // namespace cloche
