// The collected heap by itself: what is reachable stays as it was, everything else is reused.
#include "runtime/gc_heap.hpp"

#include <gtest/gtest.h>
#include <stdio.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <vector>

#include "runtime/rtt_registry.hpp"

namespace cloche::runtime {
namespace {

using abi::Ref;

/// A struct of two references and an i64; arrays of references and of bytes.
constexpr uint32_t pair_refs[] = {8, 16};
const abi::Rtt pair_rtt = {
    .kind = abi::GcKind::struct_, .size_bytes = 32, .ref_offsets = pair_refs, .ref_count = 2};
const abi::Rtt refs_rtt = {.kind = abi::GcKind::array, .elem_bytes = 8, .elem_is_ref = true};
const abi::Rtt bytes_rtt = {.kind = abi::GcKind::array, .elem_bytes = 1};

/// A heap whose exact roots are a vector.
struct Fixture {
  std::vector<Ref> roots;
  GcHeap heap;
  explicit Fixture(GcHeap::Options options = {}) : heap(options, scan, this) {
    // Only exact roots: what happens to lie on the native stack must not change what a test counts.
    heap.set_native_base(reinterpret_cast<const void*>(1));
  }
  static void scan(void* self, Marker& marker) {
    for (const Ref ref : static_cast<Fixture*>(self)->roots) marker.mark(ref);
  }
};

uint64_t& field(Ref object, int i) {
  return *reinterpret_cast<uint64_t*>(
      abi::field_at(abi::as_object(object), 8u * static_cast<uint32_t>(i + 1)));
}
Ref& element(Ref array, uint32_t i) {
  return reinterpret_cast<Ref*>(abi::elements(static_cast<abi::ArrayObject*>(abi::as_object(array))))[i];
}
Ref pair(GcHeap& heap) { return abi::to_ref(heap.new_struct(&pair_rtt)); }
Ref refs(GcHeap& heap, uint32_t n) { return abi::to_ref(heap.new_array(&refs_rtt, n)); }
Ref bytes(GcHeap& heap, uint32_t n) { return abi::to_ref(heap.new_array(&bytes_rtt, n)); }

uint64_t resident_bytes() {
  unsigned long total = 0;
  unsigned long resident = 0;
  FILE* const file = fopen("/proc/self/statm", "r");
  if (!file) return 0;
  const int read = fscanf(file, "%lu %lu", &total, &resident);
  fclose(file);
  return read == 2 ? resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

TEST(GcHeap, NewObjectsAreZeroAlsoInReusedMemory) {
  Fixture f;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5000; ++i) {
      const Ref object = pair(f.heap);
      for (int k = 0; k < 3; ++k) {
        ASSERT_EQ(field(object, k), 0u);
        field(object, k) = ~uint64_t{0} - 1;
      }
      field(object, 0) = field(object, 1) = 0;
    }
    const Ref large = bytes(f.heap, 200'000);
    const uint8_t* const data = abi::elements(static_cast<abi::ArrayObject*>(abi::as_object(large)));
    for (int i = 0; i < 200'000; ++i) ASSERT_EQ(data[i], 0);
    memset(abi::elements(static_cast<abi::ArrayObject*>(abi::as_object(large))), 0xFF, 200'000);
    f.heap.collect();
    EXPECT_EQ(f.heap.used_bytes(), 0u);
  }
}

TEST(GcHeap, CyclesAreCollectedAndReachableOnesStay) {
  Fixture f;
  const Ref a = pair(f.heap);
  f.roots.push_back(a);
  const Ref b = pair(f.heap);
  field(a, 0) = b;
  field(b, 0) = a;
  field(b, 2) = 77;
  const Ref c = pair(f.heap);
  const Ref d = pair(f.heap);
  field(c, 0) = d;
  field(d, 0) = c;
  f.heap.collect();
  EXPECT_EQ(f.heap.used_bytes(), 64u);
  EXPECT_EQ(field(field(a, 0), 2), 77u);
  EXPECT_EQ(f.heap.object_at(c), nullptr);
  EXPECT_EQ(f.heap.object_at(b + 31), abi::as_object(b));
}

TEST(GcHeap, TenGibibytesPassThroughWithTenMebibytesAlive) {
  const uint64_t total = platform::page_size() && sizeof(void*) == 8 ? uint64_t{10} << 30 : 0;
#if defined(NDEBUG)
  const uint64_t goal = total;
#else
  const uint64_t goal = total / 10;  // enough to see; the release build does all of it
#endif
  Fixture f;
  constexpr uint32_t slots = 1024;  // of 10 KiB on average
  f.roots.push_back(refs(f.heap, slots));
  std::mt19937 random(1);
  uint64_t peak = 0;
  const uint64_t before = resident_bytes();
  for (uint64_t allocated = 0; allocated < goal;) {
    const uint32_t n = static_cast<uint32_t>(random()) % 20'480;
    const Ref array = bytes(f.heap, n);
    ASSERT_NE(array, abi::null_ref);
    element(f.roots[0], random() % slots) = array;
    allocated += n;
    if (random() % 1024 == 0) peak = std::max(peak, resident_bytes());
  }
  EXPECT_LT(peak - before, uint64_t{150} << 20);
  EXPECT_GT(f.heap.collections(), 10u);
}

TEST(GcHeap, SmallGarbageIsReusedInPlace) {
  Fixture f;
  for (int i = 0; i < 20'000'000; ++i) pair(f.heap);
  EXPECT_LT(f.heap.block_bytes(), uint64_t{40} << 20);
}

TEST(GcHeap, ListsOfTenMillionNodesNeedNoDepth) {
  Fixture f;
  f.roots.push_back(abi::null_ref);
  for (int i = 0; i < 10'000'000; ++i) {
    const Ref node = pair(f.heap);
    ASSERT_NE(node, abi::null_ref);
    field(node, 0) = f.roots[0];
    f.roots[0] = node;
  }
  f.heap.collect();
  EXPECT_EQ(f.heap.used_bytes(), 320'000'000u);
  uint64_t length = 0;
  for (Ref node = f.roots[0]; node; node = field(node, 0)) ++length;
  EXPECT_EQ(length, 10'000'000u);
}

TEST(GcHeap, WideGraphsOverflowTheMarkStackWithoutLoss) {
  Fixture f;
  // Every element an object with a child of its own: far more pending objects than the mark stack holds.
  constexpr uint32_t width = 400'000;
  f.roots.push_back(refs(f.heap, width));
  for (uint32_t i = 0; i < width; ++i) {
    const Ref parent = pair(f.heap);
    element(f.roots[0], i) = parent;
    field(parent, 0) = pair(f.heap);
    field(field(parent, 0), 2) = i;
  }
  // A list whose nodes each bring two hundred others, the next node last: marking walks down before it looks
  // aside.
  f.roots.push_back(abi::null_ref);
  for (uint32_t i = 0; i < 2000; ++i) {
    const Ref node = refs(f.heap, 201);
    element(node, 200) = f.roots[1];
    f.roots[1] = node;
    for (uint32_t k = 0; k < 200; ++k) element(node, k) = pair(f.heap);
  }
  f.heap.collect();
  const uint64_t used = f.heap.used_bytes();
  f.heap.collect();
  EXPECT_EQ(f.heap.used_bytes(), used);
  for (uint32_t i = 0; i < width; ++i) ASSERT_EQ(field(field(element(f.roots[0], i), 0), 2), i);
  for (Ref node = f.roots[1]; node; node = element(node, 200))
    for (uint32_t k = 0; k < 200; ++k) ASSERT_EQ(abi::as_object(element(node, k))->rtt, &pair_rtt);
}

TEST(GcHeap, HolesOfMixedSizesAreFilledAgain) {
  Fixture f({.limit_bytes = uint64_t{64} << 20});
  std::mt19937 random(7);
  constexpr uint32_t slots = 4096;
  f.roots.push_back(refs(f.heap, slots));
  for (int i = 0; i < 300'000; ++i) {
    const uint32_t n = static_cast<uint32_t>(random() % 64 == 0 ? random() % 100'000 : random() % 1000);
    const Ref array = bytes(f.heap, n);
    ASSERT_NE(array, abi::null_ref) << i;
    auto* const object = static_cast<abi::ArrayObject*>(abi::as_object(array));
    memset(abi::elements(object), static_cast<int>(n & 0xFF), n);
    element(f.roots[0], random() % slots) = array;
  }
  for (uint32_t i = 0; i < slots; ++i) {
    const Ref ref = element(f.roots[0], i);
    if (!ref) continue;
    auto* const object = static_cast<abi::ArrayObject*>(abi::as_object(ref));
    for (uint32_t k = 0; k < object->length; ++k) ASSERT_EQ(abi::elements(object)[k], object->length & 0xFF);
  }
}

TEST(GcHeap, AFullHeapSaysSo) {
  Fixture f({.limit_bytes = uint64_t{8} << 20});
  f.roots.push_back(abi::null_ref);
  int count = 0;
  for (;; ++count) {
    const Ref node = pair(f.heap);
    if (!node) break;
    field(node, 0) = f.roots[0];
    f.roots[0] = node;
  }
  EXPECT_GT(count, 200'000);
  EXPECT_LE(f.heap.block_bytes(), uint64_t{8} << 20);
  EXPECT_LT(f.heap.collections(), 10u);
  EXPECT_EQ(bytes(f.heap, 100'000'000), abi::null_ref);
  EXPECT_EQ(abi::to_ref(f.heap.new_array(&refs_rtt, ~0u)), abi::null_ref);
  f.roots.clear();
  f.heap.collect();
  EXPECT_NE(pair(f.heap), abi::null_ref);
  EXPECT_NE(bytes(f.heap, 4'000'000), abi::null_ref);
}

TEST(GcHeap, StressCollectsAtEveryAllocation) {
  Fixture f({.limit_bytes = uint64_t{64} << 20, .stress = true});
  f.roots.push_back(abi::null_ref);
  for (int i = 0; i < 1000; ++i) {
    const Ref node = pair(f.heap);
    field(node, 0) = f.roots[0];
    field(node, 2) = static_cast<uint64_t>(i);
    f.roots[0] = node;
  }
  EXPECT_GE(f.heap.collections(), 999u);
  int i = 1000;
  for (Ref node = f.roots[0]; node; node = field(node, 0))
    ASSERT_EQ(field(node, 2), static_cast<uint64_t>(--i));
}

TEST(GcHeap, ExceptionsAndHostValuesAreObjectsToo) {
  Fixture f;
  const Ref held = pair(f.heap);
  f.roots.push_back(held);
  auto* const exception = f.heap.new_exception(nullptr, 3);
  exception->slots[1] = held;
  f.roots[0] = abi::to_ref(exception);
  f.roots.push_back(abi::to_ref(f.heap.new_extern(42)));
  f.heap.collect();
  EXPECT_EQ(f.heap.object_at(held), abi::as_object(held));
  EXPECT_EQ(static_cast<abi::ExternObject*>(abi::as_object(f.roots[1]))->payload, 42u);
}

/// Keeps an object only in a local variable, as runtime code does.
__attribute__((noinline)) bool survives_on_the_native_stack(GcHeap& heap) {
  heap.set_native_base(__builtin_frame_address(0));
  volatile Ref local = pair(heap) + 24;  // a pointer into the middle
  heap.set_native_base(nullptr);
  heap.collect();
  const Ref ref = local;
  return heap.object_at(ref) == abi::as_object(ref - 24);
}

TEST(GcHeap, TheNativeStackIsScannedConservatively) {
  Fixture f;
  EXPECT_TRUE(survives_on_the_native_stack(f.heap));
}

TEST(GcHeap, WordsThatAreNoReferencesAreHarmless) {
  Fixture f;
  std::vector<uint64_t> words;
  const Ref object = pair(f.heap);
  for (uint64_t offset = 0; offset < (uint64_t{1} << 17); offset += 7)
    words.push_back((object & ~uint64_t{0xFFFF}) + offset);
  for (const uint64_t word : words) {
    const abi::GcObject* const found = f.heap.object_at(word);
    EXPECT_TRUE(found == nullptr || found == abi::as_object(object));
  }
}

}  // namespace
}  // namespace cloche::runtime
