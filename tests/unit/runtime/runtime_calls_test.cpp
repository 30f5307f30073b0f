// The runtime's calls by themselves: bounds that cannot overflow, nothing written by an operation that traps.
#include "runtime/runtime_calls.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "module_builder.hpp"
#include "runtime/store.hpp"

namespace cloche::runtime {
namespace {

using namespace test;
using wasm::TrapCode;

constexpr uint64_t huge[] = {uint64_t{1} << 31, (uint64_t{1} << 32) - 1, uint64_t{1} << 32, ~uint64_t{0} - 1,
                             ~uint64_t{0}};

TEST(InRange, AgreesWithArithmeticWithoutOverflow) {
  EXPECT_TRUE(in_range(0, 0, 0));
  EXPECT_TRUE(in_range(5, 0, 5));
  EXPECT_FALSE(in_range(6, 0, 5));
  EXPECT_TRUE(in_range(2, 3, 5));
  EXPECT_FALSE(in_range(3, 3, 5));
  for (const uint64_t at : huge)
    for (const uint64_t size : huge) EXPECT_FALSE(in_range(at, size, uint64_t{1} << 31)) << at << " " << size;
}

/// An instance with two memories, two tables, a segment of each kind and the aggregate types.
struct Fixture {
  std::shared_ptr<Engine> engine = Engine::create();
  std::unique_ptr<Store> store = std::move(*Store::create(engine));
  abi::Instance* instance = nullptr;

  Fixture() {
    ModuleBuilder builder;
    builder.section(type_section, {Bytes{0x5E, 0x77, 1}, Bytes{0x5E, funcref, 1}, func_type({}, {})})
        .section(func_section, {{2}})
        .section(table_section, {Bytes{funcref, 0, 4}, Bytes{funcref, 1, 2, 3}})
        .section(mem_section, {Bytes{0, 1}, Bytes{1, 0, 2}})
        .section(elem_section, {Bytes{1, 0, 2, 0, 0}})  // passive, two times function 0
        .raw_section(12, {1})
        .section(code_section, {Bytes{2, 0, end}})
        .section(data_section, {Bytes{1} + name("abcdef")});
    const auto module = builder.build(engine);
    if (!module) return;
    const auto made = store->instantiate(module, {});
    if (made) instance = (*made)->abi();
  }
};

TEST(RuntimeCalls, MemoryOperationsCheckBothSides) {
  Fixture f;
  ASSERT_NE(f.instance, nullptr);
  uint8_t* const base = f.instance->mems[0]->base;
  EXPECT_EQ(calls::memory_init(f.instance, 0, 0, 65533, 3, 3), TrapCode::none);
  EXPECT_EQ(base[65535], 'f');
  EXPECT_EQ(calls::memory_init(f.instance, 0, 0, 0, 4, 3), TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(calls::memory_init(f.instance, 0, 0, 65534, 0, 3), TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(calls::memory_init(f.instance, 0, 1, 0, 0, 1), TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(base[65534], 'e');
  EXPECT_EQ(calls::memory_fill(f.instance, 0, 10, 7, 4), TrapCode::none);
  EXPECT_EQ(calls::memory_copy(f.instance, 0, 0, 12, 10, 4), TrapCode::none);
  EXPECT_EQ(base[15], 7);
  EXPECT_EQ(base[16], 0);
  EXPECT_EQ(calls::memory_grow(f.instance, 1, 1), 0u);
  EXPECT_EQ(calls::memory_copy(f.instance, 1, 0, 0, 0, 65536), TrapCode::none);
  EXPECT_EQ(f.instance->mems[1]->base[65535], 'f');
  for (const uint64_t at : huge) {
    EXPECT_EQ(calls::memory_fill(f.instance, 0, at, 1, 0), TrapCode::out_of_bounds_memory_access);
    EXPECT_EQ(calls::memory_fill(f.instance, 0, 0, 1, at), TrapCode::out_of_bounds_memory_access);
    EXPECT_EQ(calls::memory_fill(f.instance, 0, at, 1, at), TrapCode::out_of_bounds_memory_access);
    EXPECT_EQ(calls::memory_copy(f.instance, 0, 1, at, 0, 1), TrapCode::out_of_bounds_memory_access);
    EXPECT_EQ(calls::memory_copy(f.instance, 0, 1, 0, at, 1), TrapCode::out_of_bounds_memory_access);
    EXPECT_EQ(calls::memory_init(f.instance, 0, 0, 0, at, 1), TrapCode::out_of_bounds_memory_access);
  }
  calls::data_drop(f.instance, 0);
  EXPECT_EQ(calls::memory_init(f.instance, 0, 0, 0, 0, 0), TrapCode::none);
  EXPECT_EQ(calls::memory_init(f.instance, 0, 0, 0, 0, 1), TrapCode::out_of_bounds_memory_access);
}

TEST(RuntimeCalls, HighAddressesAreUnsigned) {
  Fixture f;
  ASSERT_NE(f.instance, nullptr);
  ASSERT_EQ(calls::memory_grow(f.instance, 0, 65535), 1u);
  EXPECT_EQ(calls::memory_fill(f.instance, 0, 0x8000'0000, 9, 100), TrapCode::none);
  EXPECT_EQ(calls::memory_fill(f.instance, 0, 0xFFFF'FFFF, 8, 1), TrapCode::none);
  EXPECT_EQ(calls::memory_fill(f.instance, 0, 0xFFFF'FFFF, 8, 2), TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(calls::memory_copy(f.instance, 0, 0, 0xC000'0000, 0x8000'0000, 100), TrapCode::none);
  EXPECT_EQ(f.instance->mems[0]->base[0xC000'0063], 9);
  EXPECT_EQ(f.instance->mems[0]->base[0xFFFF'FFFF], 8);
}

TEST(RuntimeCalls, TableOperationsCheckBothSides) {
  Fixture f;
  ASSERT_NE(f.instance, nullptr);
  const abi::Ref func = abi::to_ref(f.instance->funcs[0]);
  abi::Table& table = *f.instance->tables[0];
  EXPECT_EQ(calls::table_init(f.instance, 0, 0, 2, 0, 2), TrapCode::none);
  EXPECT_EQ(table.elems[3], func);
  EXPECT_EQ(calls::table_init(f.instance, 0, 0, 0, 1, 2), TrapCode::out_of_bounds_table_access);
  EXPECT_EQ(calls::table_init(f.instance, 0, 0, 3, 0, 2), TrapCode::out_of_bounds_table_access);
  EXPECT_EQ(table.elems[0], abi::null_ref);
  EXPECT_EQ(calls::table_copy(f.instance, 1, 0, 0, 2, 2), TrapCode::none);
  EXPECT_EQ(f.instance->tables[1]->elems[1], func);
  EXPECT_EQ(calls::table_fill(f.instance, 0, 1, func, 3), TrapCode::none);
  EXPECT_EQ(calls::table_fill(f.instance, 0, 2, func, 3), TrapCode::out_of_bounds_table_access);
  EXPECT_EQ(calls::table_grow(f.instance, 1, func, 2), ~uint64_t{0});
  EXPECT_EQ(calls::table_grow(f.instance, 1, func, 1), 2u);
  EXPECT_EQ(f.instance->tables[1]->elems[2], func);
  for (const uint64_t at : huge) {
    EXPECT_EQ(calls::table_fill(f.instance, 0, at, func, 1), TrapCode::out_of_bounds_table_access);
    EXPECT_EQ(calls::table_fill(f.instance, 0, 1, func, at), TrapCode::out_of_bounds_table_access);
    EXPECT_EQ(calls::table_copy(f.instance, 0, 1, at, at, at), TrapCode::out_of_bounds_table_access);
    EXPECT_EQ(calls::table_grow(f.instance, 0, func, at), ~uint64_t{0});
  }
  calls::elem_drop(f.instance, 0);
  calls::elem_drop(f.instance, 0);
  EXPECT_EQ(calls::table_init(f.instance, 0, 0, 4, 0, 0), TrapCode::none);
  EXPECT_EQ(calls::table_init(f.instance, 0, 0, 0, 0, 1), TrapCode::out_of_bounds_table_access);
}

TEST(RuntimeCalls, ArraysComeFromSegments) {
  Fixture f;
  ASSERT_NE(f.instance, nullptr);
  abi::Context* const context = &f.store->context();
  abi::Ref ref = abi::null_ref;
  ASSERT_EQ(calls::array_new_data(context, f.instance, 0, 0, 1, 2, &ref),
            TrapCode::none);  // "bcde" as two i16
  auto* const array = static_cast<abi::ArrayObject*>(abi::as_object(ref));
  EXPECT_EQ(array->length, 2u);
  EXPECT_EQ(abi::elements(array)[3], 'e');
  EXPECT_EQ(calls::array_new_data(context, f.instance, 0, 0, 1, 3, &ref),
            TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(calls::array_new_data(context, f.instance, 0, 0, 0, ~0u, &ref),
            TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(calls::array_init_data(f.instance, array, 1, 0, 4, 1), TrapCode::none);
  EXPECT_EQ(abi::elements(array)[2], 'e');
  EXPECT_EQ(calls::array_init_data(f.instance, array, 1, 0, 0, 2), TrapCode::out_of_bounds_array_access);
  EXPECT_EQ(calls::array_init_data(f.instance, array, 0, 0, 5, 1), TrapCode::out_of_bounds_memory_access);
  ASSERT_EQ(calls::array_new_elem(context, f.instance, 1, 0, 0, 2, &ref), TrapCode::none);
  auto* const funcs = static_cast<abi::ArrayObject*>(abi::as_object(ref));
  EXPECT_EQ(*reinterpret_cast<abi::Ref*>(abi::elements(funcs)), abi::to_ref(f.instance->funcs[0]));
  EXPECT_EQ(calls::array_new_elem(context, f.instance, 1, 0, 1, 2, &ref),
            TrapCode::out_of_bounds_table_access);
  EXPECT_EQ(calls::array_init_elem(f.instance, funcs, 1, 0, 1, 1), TrapCode::none);
  EXPECT_EQ(calls::array_init_elem(f.instance, funcs, 2, 0, 1, 1), TrapCode::out_of_bounds_array_access);
  EXPECT_EQ(calls::array_init_elem(f.instance, funcs, 0, 0, 2, 1), TrapCode::out_of_bounds_table_access);
  EXPECT_EQ(calls::array_new(context, f.instance->rtts[0], ~0u), nullptr);
}

TEST(RuntimeCalls, TypeTestsKnowEveryAbstractType) {
  using wasm::AbsHeap;
  Fixture f;
  ASSERT_NE(f.instance, nullptr);
  abi::Context* const context = &f.store->context();
  const abi::Ref array = abi::to_ref(calls::array_new(context, f.instance->rtts[0], 1));
  const abi::Ref func = abi::to_ref(f.instance->funcs[0]);
  const abi::Ref host = abi::to_ref(f.store->heap().new_extern(1));
  struct Row {
    abi::Ref ref;
    AbsHeap type;
    bool matches;
  };
  const Row rows[] = {
      {array, AbsHeap::any, true},
      {array, AbsHeap::eq, true},
      {array, AbsHeap::array, true},
      {array, AbsHeap::struct_, false},
      {array, AbsHeap::i31, false},
      {array, AbsHeap::none, false},
      {host, AbsHeap::any, true},
      {host, AbsHeap::eq, false},
      {host, AbsHeap::extern_, true},
      {host, AbsHeap::noextern, false},
      {func, AbsHeap::func, true},
      {func, AbsHeap::nofunc, false},
      {abi::make_i31(1), AbsHeap::i31, true},
      {abi::make_i31(1), AbsHeap::eq, true},
      {abi::make_i31(1), AbsHeap::any, true},
      {abi::make_i31(1), AbsHeap::array, false},
  };
  for (const Row& row : rows)
    EXPECT_EQ(calls::ref_matches(row.ref, row.type), row.matches) << static_cast<int>(row.type);
  const wasm::HeapType array_type{wasm::TypeIdx(f.instance->canonical_types[0])};
  EXPECT_TRUE(calls::ref_matches(array, array_type));
  EXPECT_FALSE(calls::ref_matches(host, array_type));
  EXPECT_FALSE(calls::ref_matches(abi::make_i31(1), array_type));
}

TEST(RuntimeCalls, TheTableIsComplete) {
  const auto* const entries = reinterpret_cast<void* const*>(&runtime_calls);
  for (size_t i = 0; i < sizeof(runtime_calls) / sizeof(void*); ++i) EXPECT_NE(entries[i], nullptr) << i;
}

}  // namespace
}  // namespace cloche::runtime
