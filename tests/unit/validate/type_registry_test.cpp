#include "validate/type_registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

namespace cloche::validate {
namespace {

using wasm::AbsHeap;
using wasm::CompKind;
using wasm::FieldType;
using wasm::HeapType;
using wasm::RecGroup;
using wasm::SubType;
using wasm::TypeIdx;
using wasm::ValType;

ValType ref(uint32_t index) { return ValType::ref(HeapType(TypeIdx(index)), true); }

SubType func(wasm::ResultType params, wasm::ResultType results = {}) {
  SubType type;
  type.comp.func = {std::move(params), std::move(results)};
  return type;
}

SubType structure(std::vector<FieldType> fields, std::vector<uint32_t> supers = {}, bool final_ = false) {
  SubType type;
  type.final_ = final_;
  for (const uint32_t super : supers) type.supers.push_back(TypeIdx(super));
  type.comp.kind = CompKind::struct_;
  type.comp.fields = std::move(fields);
  return type;
}

/// Interns groups of the given sizes.
std::vector<CanonType> intern(TypeRegistry& registry, const std::vector<SubType>& types,
                              const std::vector<uint32_t>& sizes) {
  std::vector<CanonType> numbers(types.size());
  uint32_t first = 0;
  for (const uint32_t size : sizes) {
    EXPECT_TRUE(registry.intern(types, RecGroup{TypeIdx(first), size}, numbers));
    first += size;
  }
  return numbers;
}

TEST(TypeRegistry, equal_structures_have_one_number) {
  TypeRegistry registry;
  const auto numbers =
      intern(registry, {func({ValType::i32()}), func({ValType::i32()}), func({ValType::i64()})}, {1, 1, 1});
  EXPECT_EQ(numbers[0].value, numbers[1].value);
  EXPECT_NE(numbers[0].value, numbers[2].value);
  EXPECT_EQ(registry.canonicalize({{ValType::i32()}, {}}).value, numbers[0].value);
  EXPECT_EQ(registry.size(), 2u);
}

TEST(TypeRegistry, params_and_results_are_told_apart) {
  TypeRegistry registry;
  const auto numbers =
      intern(registry,
             {func({ValType::i32()}, {}), func({}, {ValType::i32()}), structure({}, {}, true), structure({})},
             {1, 1, 1, 1});
  std::vector<uint32_t> values(numbers.begin(), numbers.end());
  std::ranges::sort(values);
  EXPECT_EQ(std::ranges::adjacent_find(values), values.end());
}

TEST(TypeRegistry, groups_are_equal_up_to_their_place) {
  TypeRegistry registry;
  // The same self-reference at index 0, and at index 2 of another module.
  const auto first = intern(registry, {structure({{ref(0), true}})}, {1});
  const auto second =
      intern(registry, {func({}), func({ValType::f32()}), structure({{ref(2), true}})}, {1, 1, 1});
  EXPECT_EQ(first[0].value, second[2].value);
  // A reference to the type before is not a reference to the type itself.
  const auto third = intern(registry, {structure({{ref(0), true}}), structure({{ref(0), true}})}, {1, 1});
  EXPECT_EQ(third[0].value, first[0].value);
  EXPECT_NE(third[1].value, first[0].value);
}

TEST(TypeRegistry, the_same_types_in_another_group_are_others) {
  TypeRegistry registry;
  const std::vector<SubType> types = {func({ValType::i32()}), func({ValType::i64()})};
  const auto apart = intern(registry, types, {1, 1});
  const auto together = intern(registry, types, {2});
  EXPECT_NE(apart[0].value, together[0].value);
  EXPECT_EQ(intern(registry, types, {2})[1].value, together[1].value);
}

TEST(TypeRegistry, subtypes_by_display) {
  TypeRegistry registry;
  std::vector<SubType> types = {structure({})};
  for (uint32_t i = 1; i <= 63; ++i) types.push_back(structure({}, {i - 1}));
  types.push_back(structure({{ValType::i32(), false}}, {10}));
  const auto n = intern(registry, types, std::vector<uint32_t>(types.size(), 1));
  for (uint32_t sub = 0; sub < 64; ++sub)
    for (uint32_t super = 0; super < 64; ++super)
      EXPECT_EQ(registry.is_subtype(n[sub], n[super]), super <= sub) << sub << " " << super;
  EXPECT_TRUE(registry.is_subtype(n[64], n[10]));
  EXPECT_FALSE(registry.is_subtype(n[64], n[11]));
  EXPECT_EQ(registry.get(n[63]).depth(), 63u);
}

TEST(TypeRegistry, matching_of_heap_types) {
  TypeRegistry registry;
  const auto n = intern(registry, {func({}), structure({}), structure({}, {1})}, {1, 1, 1});
  const HeapType f = heap_type(n[0]), s = heap_type(n[1]), t = heap_type(n[2]);
  const auto matches = [&](HeapType sub, HeapType super) { return registry.matches(sub, super); };
  EXPECT_TRUE(matches(f, AbsHeap::func));
  EXPECT_FALSE(matches(f, AbsHeap::any));
  EXPECT_TRUE(matches(s, AbsHeap::struct_));
  EXPECT_TRUE(matches(t, AbsHeap::any));
  EXPECT_TRUE(matches(t, s));
  EXPECT_FALSE(matches(s, t));
  EXPECT_FALSE(matches(s, AbsHeap::array));
  EXPECT_TRUE(matches(AbsHeap::none, s));
  EXPECT_FALSE(matches(AbsHeap::none, f));
  EXPECT_TRUE(matches(AbsHeap::nofunc, f));
  EXPECT_TRUE(matches(AbsHeap::bot, f));
  EXPECT_FALSE(matches(AbsHeap::struct_, s));
  EXPECT_TRUE(matches(AbsHeap::none, AbsHeap::i31));
  EXPECT_FALSE(matches(AbsHeap::none, AbsHeap::extern_));
  EXPECT_TRUE(matches(AbsHeap::noexn, AbsHeap::exn));
  EXPECT_FALSE(matches(AbsHeap::any, AbsHeap::eq));
  EXPECT_FALSE(registry.matches(ValType::ref(s, true), ValType::ref(s, false)));
  EXPECT_TRUE(registry.matches(ValType::ref(s, false), ValType::ref(s, true)));
  EXPECT_TRUE(registry.matches(ValType::bot(), ValType::i32()));
  EXPECT_FALSE(registry.matches(ValType::i32(), ValType::i64()));
}

TEST(TypeRegistry, mutable_fields_are_invariant) {
  TypeRegistry registry;
  const FieldType any{ValType::anyref(), false}, eq{ValType::ref(AbsHeap::eq, true), false};
  EXPECT_TRUE(registry.matches(eq, any));
  EXPECT_FALSE(registry.matches(FieldType{eq.storage, true}, FieldType{any.storage, true}));
  EXPECT_FALSE(registry.matches(FieldType{eq.storage, true}, any));
  EXPECT_FALSE(registry.matches(FieldType{wasm::StorageType::i8(), false},
                                FieldType{wasm::StorageType::i16(), false}));
}

TEST(TypeRegistry, slots_count_vectors_twice) {
  TypeRegistry registry;
  const CanonType type = registry.canonicalize({{ValType::v128(), ValType::i32()}, {ValType::v128()}});
  EXPECT_EQ(registry.get(type).param_slots, 3u);
  EXPECT_EQ(registry.get(type).result_slots, 2u);
}

/// Threads intern the same types in different orders and read them at once; under TSan this shows races.
TEST(TypeRegistry, threads_agree) {
  TypeRegistry registry;
  std::vector<SubType> types;
  for (uint32_t i = 0; i < 200; ++i) {
    types.push_back(
        func(wasm::ResultType(i % 40, ValType::i64()), {i < 40 ? ValType::i32() : ValType::f32()}));
    if (i >= 80)
      types.back() =
          structure(std::vector<FieldType>(i % 60, FieldType{ValType::i32(), true}), {}, i % 2 == 0);
  }
  std::vector<std::vector<CanonType>> found(4, std::vector<CanonType>(types.size()));
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < found.size(); ++t)
    threads.emplace_back([&, t] {
      std::vector<uint32_t> order(types.size());
      for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
      std::shuffle(order.begin(), order.end(), std::mt19937(t));
      for (const uint32_t i : order) {
        ASSERT_TRUE(registry.intern(types, RecGroup{TypeIdx(i), 1}, found[t]));
        ASSERT_EQ(registry.get(found[t][i]).type.comp, types[i].comp);
        ASSERT_TRUE(registry.is_subtype(found[t][i], found[t][i]));
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const auto& each : found)
    EXPECT_TRUE(std::ranges::equal(each, found[0], {}, &CanonType::value, &CanonType::value));
}

}  // namespace
}  // namespace cloche::validate
