// Instantiation: matching of imports, initializers, segments in order, and what failures leave behind.
#include "runtime/instantiation.hpp"

#include <gtest/gtest.h>

#include "module_builder.hpp"
#include "runtime/linker.hpp"

namespace cloche::runtime {
namespace {

using namespace test;
using wasm::ErrorCode;
using wasm::TrapCode;
using wasm::ValType;

struct Fixture {
  std::shared_ptr<Engine> engine;
  std::unique_ptr<Store> store;
  std::unique_ptr<Linker> linker;

  explicit Fixture(bool gc_stress = false) {
    Config config;
    config.gc_stress = gc_stress;
    engine = Engine::create(config);
    store = std::move(*Store::create(engine));
    linker = std::make_unique<Linker>(*store);
  }
  Outcome<Instance*> instantiate(const ModuleBuilder& builder) {
    const auto module = builder.build(engine);
    if (!module) return wasm::fail(ErrorCode::magic_header);
    return linker->instantiate(module);
  }
  std::string link_error(const ModuleBuilder& builder) {
    const auto instance = instantiate(builder);
    return instance ? "linked" : instance.error().message();
  }
  void define(std::string_view name, const Extern& object) {
    ASSERT_TRUE(linker->redefine("m", name, object));
  }
  Func host(const wasm::FuncType& type) {
    return store->make_func(type, [](HostCall&, abi::Slot*) { return TrapCode::none; });
  }
  Memory memory(uint64_t min, std::optional<uint64_t> max = {}) {
    wasm::MemType type;
    type.limits = {min, max, false};
    return *store->make_memory(type);
  }
  Table table(uint64_t min, std::optional<uint64_t> max = {}) {
    wasm::TableType type;
    type.limits = {min, max, false};
    return *store->make_table(type, Value::null(wasm::AbsHeap::nofunc));
  }
};

Bytes import_of(std::string_view field, const Bytes& kind_and_type) {
  return name("m") + name(field) + kind_and_type;
}

ModuleBuilder importing(const Bytes& kind_and_type) {
  return ModuleBuilder()
      .section(type_section, {func_type({i32}, {}), func_type({}, {})})
      .section(import_section, {import_of("x", kind_and_type)});
}

TEST(Instantiation, ImportErrorsNameBothTypes) {
  Fixture f;
  EXPECT_EQ(f.link_error(importing({0, 0})), "unknown import: \"m\" \"x\", func [i32] -> []");
  f.define("x", f.host({{}, {}}));
  EXPECT_EQ(f.link_error(importing({0, 0})),
            "incompatible import type: import \"m\" \"x\" has type func [] -> [] but the module expects func "
            "[i32] -> []");
  EXPECT_EQ(f.link_error(importing({0, 1})), "linked");
  EXPECT_EQ(f.link_error(importing({3, i32, 1})),
            "incompatible import type: import \"m\" \"x\" has type func [] -> [] but the module expects "
            "global (mut i32)");
}

TEST(Instantiation, LimitsMatchBySizeAndMaximum) {
  Fixture f;
  f.define("x", f.memory(2, 4));
  EXPECT_EQ(f.link_error(importing({2, 0, 2})), "linked");
  EXPECT_EQ(f.link_error(importing({2, 1, 1, 4})), "linked");
  EXPECT_EQ(
      f.link_error(importing({2, 0, 3})),
      "incompatible import type: import \"m\" \"x\" has type memory 2 4 but the module expects memory 3");
  EXPECT_EQ(
      f.link_error(importing({2, 1, 1, 3})),
      "incompatible import type: import \"m\" \"x\" has type memory 2 4 but the module expects memory 1 3");
  ASSERT_EQ(f.store->grow(*f.linker->find("m", "x")->memory(), 1), 2u);
  EXPECT_EQ(f.link_error(importing({2, 0, 3})), "linked");
  f.define("x", f.table(1));
  EXPECT_EQ(f.link_error(importing({1, funcref, 0, 1})), "linked");
  EXPECT_EQ(f.link_error(importing({1, funcref, 1, 1, 9})),
            "incompatible import type: import \"m\" \"x\" has type table 1 funcref but the module expects "
            "table 1 9 funcref");
}

TEST(Instantiation, GlobalsMatchByMutabilityAndType) {
  Fixture f;
  f.define("x", *f.store->make_global({ValType::i32(), false}, Value::i32(1)));
  EXPECT_EQ(f.link_error(importing({3, i32, 0})), "linked");
  EXPECT_EQ(f.link_error(importing({3, i32, 1})),
            "incompatible import type: import \"m\" \"x\" has type global i32 but the module expects global "
            "(mut i32)");
  EXPECT_EQ(
      f.link_error(importing({3, i64, 0})),
      "incompatible import type: import \"m\" \"x\" has type global i32 but the module expects global i64");
}

TEST(Instantiation, ObjectsOfOtherStoresAndModulesOfOtherEnginesAreRefused) {
  Fixture a;
  Fixture b;
  const Extern foreign[] = {b.host({{i32 == 0x7F ? ValType::i32() : ValType::i64()}, {}})};
  const auto module = importing({0, 0}).build(a.engine);
  const auto result = a.store->instantiate(module, foreign);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "object of another store: import \"m\" \"x\"");
  EXPECT_EQ(b.store->instantiate(module, foreign).error().error()->code, ErrorCode::foreign_engine);
  EXPECT_EQ(a.store->instantiate(module, {}).error().error()->code, ErrorCode::unknown_import);
}

TEST(Instantiation, InitializersReadEarlierGlobals) {
  Fixture f;
  f.define("x", *f.store->make_global({ValType::i32(), false}, Value::i32(40)));
  const auto instance = f.instantiate(
      ModuleBuilder()
          .section(import_section, {import_of("x", {3, i32, 0})})
          // (global i32 (i32.mul (i32.add (global.get 0) (i32.const 2)) (i32.const -1)))
          .section(global_section,
                   {Bytes{i32, 0, 0x23, 0} + i32_const(2) + Bytes{0x6A} + i32_const(-1) + Bytes{0x6C, end},
                    Bytes{i32, 1, 0x23, 1, end},
                    // (global v128 (v128.const ...)), (global i64 (i64.const -2)), (global f32 (f32.const 1))
                    Bytes{v128, 0, 0xFD, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, end},
                    Bytes{i64, 0, 0x42, 0x7E, end}, Bytes{f32, 0, 0x43, 0, 0, 0x80, 0x3F, end}})
          .section(export_section, {name("g") + Bytes{3, 2}}));
  ASSERT_TRUE(instance) << instance.error().message();
  const auto global = [&](uint32_t i) {
    return f.store->get(*(*instance)->at(wasm::ExternKind::global, i).global());
  };
  EXPECT_EQ(global(1).as_i32(), static_cast<uint32_t>(-42));
  EXPECT_EQ(f.store->get(*(*instance)->find("g")->global()).as_i32(), static_cast<uint32_t>(-42));
  EXPECT_EQ(global(3).bits(), 0x0807060504030201u);
  EXPECT_EQ(global(3).high_bits(), 0x100F0E0D0C0B0A09u);
  EXPECT_EQ(global(4).as_i64(), ~uint64_t{1});
  EXPECT_EQ(global(5).as_f32(), 1.0f);
  EXPECT_FALSE((*instance)->find("nothing"));
}

/// (type $pair (struct (field i8) (field i64) (field anyref))), (type $refs (array anyref)), (type $bytes
/// (array i16))
std::vector<Bytes> aggregate_types() {
  return {Bytes{0x5F, 3, 0x78, 0, i64, 0, anyref, 0}, Bytes{0x5E, anyref, 0}, Bytes{0x5E, 0x77, 0}};
}

TEST(Instantiation, AggregatesAreMadeByConstantExpressions) {
  Fixture f(true);
  const Bytes i31_5 = i32_const(5) + Bytes{0xFB, 28};
  const auto instance = f.instantiate(
      ModuleBuilder()
          .section(type_section, aggregate_types())
          .section(
              global_section,
              {// (global anyref (struct.new $pair (i32.const 513) (i64.const 7) (ref.i31 (i32.const 5))))
               Bytes{anyref, 0} + i32_const(513) + Bytes{0x42, 7} + i31_5 + Bytes{0xFB, 0, 0, end},
               // (global anyref (array.new_fixed $refs 3 (global.get 0) (ref.i31 5) (struct.new_default
               // $pair)))
               Bytes{anyref, 0, 0x23, 0} + i31_5 + Bytes{0xFB, 1, 0, 0xFB, 8, 1, 3, end},
               // (global anyref (array.new $bytes (i32.const 258) (i32.const 4)))
               Bytes{anyref, 0} + i32_const(258) + i32_const(4) + Bytes{0xFB, 6, 2, end},
               // (global externref (extern.convert_any (array.new_default $bytes (i32.const 3))))
               Bytes{externref, 0} + i32_const(3) + Bytes{0xFB, 7, 2, 0xFB, 27, end}}));
  ASSERT_TRUE(instance) << instance.error().message();
  f.store->collect();
  abi::Instance& abi = *(*instance)->abi();
  auto* const pair = abi::as_object(abi.globals[0]->value[0]);
  EXPECT_EQ(*abi::field_at(pair, pair->rtt->field_offsets[0]), 1);  // 513 wrapped
  EXPECT_EQ(*reinterpret_cast<uint64_t*>(abi::field_at(pair, pair->rtt->field_offsets[1])), 7u);
  EXPECT_EQ(*reinterpret_cast<abi::Ref*>(abi::field_at(pair, pair->rtt->field_offsets[2])), abi::make_i31(5));
  auto* const refs = static_cast<abi::ArrayObject*>(abi::as_object(abi.globals[1]->value[0]));
  ASSERT_EQ(refs->length, 3u);
  const auto* const items = reinterpret_cast<abi::Ref*>(abi::elements(refs));
  EXPECT_EQ(items[0], abi::to_ref(pair));
  EXPECT_EQ(items[1], abi::make_i31(5));
  EXPECT_EQ(abi::as_object(items[2])->rtt, pair->rtt);
  auto* const bytes = static_cast<abi::ArrayObject*>(abi::as_object(abi.globals[2]->value[0]));
  ASSERT_EQ(bytes->length, 4u);
  EXPECT_EQ(reinterpret_cast<uint16_t*>(abi::elements(bytes))[3], 258u);
  EXPECT_EQ(static_cast<abi::ArrayObject*>(abi::as_object(abi.globals[3]->value[0]))->length, 3u);
}

TEST(Instantiation, TooLargeAnAggregateIsATrap) {
  Fixture f;
  const auto instance = f.instantiate(
      ModuleBuilder()
          .section(type_section, aggregate_types())
          .section(global_section, {Bytes{anyref, 0} + i32_const(-1) + Bytes{0xFB, 7, 1, end}}));
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().message(), "out of memory: in a constant expression");
}

/// Imports table and memory "t" and "m", and function 0 "f"; segments as given.
ModuleBuilder with_segments(const std::vector<Bytes>& elems, const std::vector<Bytes>& datas) {
  ModuleBuilder builder;
  builder.section(type_section, {func_type({}, {})})
      .section(import_section,
               {import_of("f", {0, 0}), import_of("t", {1, funcref, 0, 4}), import_of("mem", {2, 0, 1})})
      .section(elem_section, elems)
      .section(data_section, datas);
  return builder;
}

Bytes active_elem(int32_t at, uint32_t count) {
  Bytes bytes = Bytes{0} + i32_const(at) + Bytes{end} + leb(count);
  for (uint32_t i = 0; i < count; ++i) bytes.push_back(0);
  return bytes;
}

Bytes active_data(int32_t at, std::string_view contents) {
  return Bytes{0} + i32_const(at) + Bytes{end} + name(contents);
}

struct SegmentFixture : Fixture {
  Func func = host({{}, {}});
  Table tab = table(4);
  Memory mem = memory(1);
  SegmentFixture() {
    define("f", func);
    define("t", tab);
    define("mem", mem);
  }
};

TEST(Instantiation, SegmentsAreAppliedInOrderAndStayWhenALaterOneTraps) {
  SegmentFixture f;
  const auto instance =
      f.instantiate(with_segments({active_elem(0, 2), active_elem(3, 2)}, {active_data(0, "never")}));
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().message(),
            "out of bounds table access: element segment 1 of 2 at 3 in a table of 4");
  EXPECT_EQ(f.tab.object->elems[0], abi::to_ref(f.func.object));
  EXPECT_EQ(f.tab.object->elems[1], abi::to_ref(f.func.object));
  EXPECT_EQ(f.tab.object->elems[3], abi::null_ref);
  EXPECT_EQ(f.mem.object->base[0], 0);
}

TEST(Instantiation, DataSegmentsComeAfterElementSegments) {
  SegmentFixture f;
  const auto instance = f.instantiate(with_segments(
      {active_elem(2, 1)}, {active_data(1, "ab"), active_data(65535, "xy"), active_data(5, "never")}));
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().message(),
            "out of bounds memory access: data segment 1 of 2 at 65535 in a memory of 65536");
  EXPECT_NE(f.tab.object->elems[2], abi::null_ref);
  EXPECT_EQ(f.mem.object->base[1], 'a');
  EXPECT_EQ(f.mem.object->base[2], 'b');
  EXPECT_EQ(f.mem.object->base[65535], 0);
  EXPECT_EQ(f.mem.object->base[5], 0);
}

TEST(Instantiation, OffsetsAreUnsigned) {
  SegmentFixture f;
  EXPECT_EQ(f.instantiate(with_segments({}, {active_data(-1, "x")})).error().message(),
            "out of bounds memory access: data segment 0 of 1 at 4294967295 in a memory of 65536");
  EXPECT_TRUE(f.instantiate(with_segments({active_elem(4, 0)}, {active_data(65536, "")})));
  EXPECT_FALSE(f.instantiate(with_segments({active_elem(5, 0)}, {})));
}

TEST(Instantiation, TheStartFunctionComesLastAndItsTrapFailsTheInstantiation) {
  SegmentFixture f;
  bool seen = false;
  f.define("f", f.store->make_func({{}, {}}, [&](HostCall& call, abi::Slot*) {
    seen = f.mem.object->base[0] == 'z';
    call.detail = "enough";
    return TrapCode::host_error;
  }));
  ModuleBuilder builder;
  builder.section(type_section, {func_type({}, {})})
      .section(import_section, {import_of("f", {0, 0}), import_of("mem", {2, 0, 1})})
      .raw_section(start_section, {0})
      .section(data_section, {active_data(0, "z")});
  const auto instance = f.instantiate(builder);
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().message(), "host error: enough");
  EXPECT_TRUE(seen);
}

TEST(Instantiation, TablesTakeTheirInitialElement) {
  SegmentFixture f;
  ModuleBuilder builder;
  builder.section(type_section, {func_type({}, {})})
      .section(import_section, {import_of("f", {0, 0})})
      // (table 3 5 funcref (ref.func 0))
      .section(table_section, {Bytes{0x40, 0, funcref, 1, 3, 5, 0xD2, 0, end}})
      .section(export_section, {name("t") + Bytes{1, 0}});
  const auto instance = f.instantiate(builder);
  ASSERT_TRUE(instance) << instance.error().message();
  const Table table = *(*instance)->find("t")->table();
  EXPECT_EQ(table.size(), 3u);
  EXPECT_EQ(table.object->elems[2], abi::to_ref(f.func.object));
  EXPECT_EQ(Extern(table).describe(), "table 3 5 funcref");
}

TEST(Instantiation, MemoriesBeyondTheRunTimeLimitAreAnError) {
  Fixture f;
  ModuleBuilder builder;
  builder.section(mem_section, {Bytes{4} + leb(262'145)});  // (memory i64 262145)
  const auto instance = f.instantiate(builder);
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().message(), "out of memory: a memory of 262145 pages");
}

TEST(Linker, ExportsOfAnInstanceReplaceWhatTheNameHeld) {
  SegmentFixture f;
  ModuleBuilder builder;
  builder.section(type_section, {func_type({}, {})})
      .section(import_section, {import_of("f", {0, 0})})
      .section(export_section, {name("again") + Bytes{0, 0}});
  const auto instance = f.instantiate(builder);
  ASSERT_TRUE(instance);
  ASSERT_TRUE(f.linker->define_instance("m", **instance));
  EXPECT_TRUE(f.linker->find("m", "again"));
  EXPECT_FALSE(f.linker->find("m", "f"));
  EXPECT_EQ(f.linker->define("m", "again", f.func).error().message(), "defined twice: \"m\" \"again\"");
}

}  // namespace
}  // namespace cloche::runtime
