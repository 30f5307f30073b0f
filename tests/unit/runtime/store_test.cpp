// Host objects of a store: calls with checked values, globals, tables, references that stay alive, other
// stores'.
#include "runtime/store.hpp"

#include <gtest/gtest.h>

#include "runtime/linker.hpp"

namespace cloche::runtime {
namespace {

using wasm::ErrorCode;
using wasm::TrapCode;
using wasm::ValType;

struct Fixture {
  std::shared_ptr<Engine> engine;
  std::unique_ptr<Store> store;
  explicit Fixture(const Config& config = {}) : engine(Engine::create(config)) {
    auto made = Store::create(engine);
    if (made) store = std::move(*made);
  }
};

Config stress() {
  Config config;
  config.gc_stress = true;
  return config;
}

ErrorCode code_of(const Failure& failure) {
  return failure.error() ? failure.error()->code : ErrorCode::magic_header;
}

TEST(Store, HostFunctionsAreCalledWithTheirValues) {
  Fixture f;
  const Func swap =
      f.store->make_func_values({{ValType::i32(), ValType::v128()}, {ValType::v128(), ValType::i32()}},
                                [](HostCall& call, std::span<const Value> args, std::vector<Value>& results) {
                                  EXPECT_EQ(call.caller, nullptr);
                                  results = {args[1], args[0]};
                                  return TrapCode::none;
                                });
  const Value args[] = {Value::i32(7), Value::v128(1, 2)};
  const auto results = f.store->call(swap, args);
  ASSERT_TRUE(results);
  ASSERT_EQ(results->size(), 2u);
  EXPECT_EQ((*results)[0].bits(), 1u);
  EXPECT_EQ((*results)[0].high_bits(), 2u);
  EXPECT_EQ((*results)[1].as_i32(), 7u);
}

TEST(Store, WrongArgumentsAreRefused) {
  Fixture f;
  const Func func =
      f.store->make_func({{ValType::i32()}, {}}, [](HostCall&, abi::Slot*) { return TrapCode::none; });
  const auto too_few = f.store->call(func, {});
  ASSERT_FALSE(too_few);
  EXPECT_EQ(too_few.error().message(), "signature mismatch: expected 1 argument, found 0");
  const Value wrong[] = {Value::i64(1)};
  EXPECT_EQ(f.store->call(func, wrong).error().message(),
            "signature mismatch: argument 1: expected i32, found i64");
}

TEST(Store, AHostErrorIsATrapWithItsMessage) {
  Fixture f;
  const Func func = f.store->make_func({}, [](HostCall& call, abi::Slot*) {
    call.detail = "no such file";
    return TrapCode::host_error;
  });
  const auto result = f.store->call(func, {});
  ASSERT_FALSE(result);
  ASSERT_NE(result.error().trap(), nullptr);
  EXPECT_EQ(result.error().message(), "host error: no such file");
  ASSERT_EQ(result.error().trap()->trace.size(), 1u);
  EXPECT_TRUE(result.error().trap()->trace[0].is_host);
}

TEST(Store, ResultsOfTheWrongTypeAreAHostError) {
  Fixture f;
  const Func func = f.store->make_func_values({{}, {ValType::i32()}}, [](HostCall&, auto, auto& results) {
    results = {Value::f64(1)};
    return TrapCode::none;
  });
  EXPECT_EQ(f.store->call(func, {}).error().message(),
            "host error: signature mismatch: result 1: expected i32, found f64");
}

TEST(Store, HostValuesLiveAsLongAsTheyAreHeld) {
  Fixture f(stress());
  std::vector<Value> held;
  for (uint64_t i = 0; i < 100; ++i) held.push_back(*f.store->make_extern(i));
  f.store->collect();
  for (uint64_t i = 0; i < 100; ++i) EXPECT_EQ(Store::extern_payload(held[i]), i);
  EXPECT_EQ(f.store->heap().used_bytes(), 1600u);
  held.clear();
  f.store->collect();
  EXPECT_LE(f.store->heap().used_bytes(), 64u);  // a stale word on the native stack may keep one or two
}

TEST(Store, AValueMayOutliveItsStore) {
  Value value;
  {
    Fixture f;
    value = *f.store->make_extern(1);
    EXPECT_EQ(value.store(), f.store.get());
  }
  EXPECT_EQ(value.store(), nullptr);
}

TEST(Store, GlobalsAndTablesKeepReferencesAlive) {
  Fixture f(stress());
  const auto global = f.store->make_global({ValType::externref(), true}, *f.store->make_extern(5));
  ASSERT_TRUE(global);
  wasm::TableType type;
  type.elem = ValType::externref();
  type.limits = {2, 4, false};
  const auto table = f.store->make_table(type, Value::null(wasm::AbsHeap::noextern));
  ASSERT_TRUE(table);
  ASSERT_TRUE(f.store->set(*table, 1, *f.store->make_extern(6)));
  EXPECT_EQ(f.store->grow(*table, 2, *f.store->make_extern(7)), 2u);
  EXPECT_EQ(f.store->grow(*table, 1, Value::null(wasm::AbsHeap::noextern)), std::nullopt);
  f.store->collect();
  EXPECT_EQ(Store::extern_payload(f.store->get(*global)), 5u);
  EXPECT_TRUE(f.store->get(*table, 0)->is_null());
  EXPECT_EQ(Store::extern_payload(*f.store->get(*table, 1)), 6u);
  EXPECT_EQ(Store::extern_payload(*f.store->get(*table, 3)), 7u);
  EXPECT_EQ(f.store->get(*table, 4).error().code, ErrorCode::bad_argument);
  EXPECT_EQ(f.store->set(*table, 0, Value::i31(3)).error().code, ErrorCode::type_mismatch);
  EXPECT_EQ(f.store->set(*global, Value::i32(3)).error().code, ErrorCode::type_mismatch);
}

TEST(Store, TablesStopAtTheirLimits) {
  Fixture f;
  wasm::TableType type;
  type.limits.min = 0;
  const auto table = f.store->make_table(type, Value::null(wasm::AbsHeap::nofunc));
  ASSERT_TRUE(table);
  const Value null = Value::null(wasm::AbsHeap::nofunc);
  EXPECT_EQ(f.store->grow(*table, 10'000'001, null), std::nullopt);
  EXPECT_EQ(f.store->grow(*table, ~uint64_t{0}, null), std::nullopt);
  EXPECT_EQ(f.store->grow(*table, 10'000'000, null), 0u);
  EXPECT_EQ(f.store->grow(*table, 1, null), std::nullopt);
}

TEST(Store, FunctionReferencesMatchByType) {
  Fixture f;
  const Func func =
      f.store->make_func({{ValType::i32()}, {}}, [](HostCall&, abi::Slot*) { return TrapCode::none; });
  const Value ref = f.store->func_ref(func);
  EXPECT_TRUE(f.store->matches(ref, ValType::funcref()));
  EXPECT_FALSE(f.store->matches(ref, ValType::anyref()));
  EXPECT_TRUE(f.store->matches(ref, ref.type()));
  const Func other = f.store->make_func({}, [](HostCall&, abi::Slot*) { return TrapCode::none; });
  EXPECT_FALSE(f.store->matches(f.store->func_ref(other), ref.type()));
  EXPECT_EQ(f.store->as_func(ref)->object, func.object);
  EXPECT_TRUE(f.store->matches(Value::i31(1), ValType::anyref()));
  EXPECT_FALSE(f.store->matches(Value::i31(1), ValType::funcref()));
  EXPECT_FALSE(f.store->matches(Value::null(wasm::AbsHeap::none), ValType::anyref().as_non_null()));
}

TEST(Store, ObjectsOfOtherStoresAreRefused) {
  Fixture a;
  Fixture b;
  const auto nothing = [](HostCall&, abi::Slot*) { return TrapCode::none; };
  const Func foreign = b.store->make_func({}, nothing);
  EXPECT_EQ(code_of(a.store->call(foreign, {}).error()), ErrorCode::foreign_object);
  const Func takes_ref = a.store->make_func({{ValType::externref()}, {}}, nothing);
  const Value args[] = {*b.store->make_extern(1)};
  EXPECT_EQ(code_of(a.store->call(takes_ref, args).error()), ErrorCode::foreign_object);
  EXPECT_EQ(a.store->make_global({ValType::externref(), true}, args[0]).error().code,
            ErrorCode::foreign_object);
  const auto global = a.store->make_global({ValType::funcref(), true}, Value::null(wasm::AbsHeap::nofunc));
  EXPECT_EQ(a.store->set(*global, b.store->func_ref(foreign)).error().code, ErrorCode::foreign_object);
  Linker linker(*a.store);
  EXPECT_EQ(linker.define("m", "f", foreign).error().code, ErrorCode::foreign_object);
}

TEST(Store, SharedMemoriesAreAdoptedByOtherStores) {
  Fixture a;
  Fixture b;
  wasm::MemType type;
  type.limits = {1, 2, false};
  const auto unshared = a.store->make_memory(type);
  EXPECT_EQ(b.store->adopt_shared(*unshared).error().code, ErrorCode::bad_argument);
  type.shared = true;
  const auto shared = a.store->make_memory(type);
  const auto adopted = b.store->adopt_shared(*shared);
  ASSERT_TRUE(adopted);
  EXPECT_EQ(adopted->object, shared->object);
  a.store.reset();
  EXPECT_EQ(b.store->grow(*adopted, 1), 1u);
  adopted->object->base[100'000] = 1;
}

TEST(Store, ExceptionsOfTheHostCarryTheirValues) {
  Fixture f(stress());
  const Tag tag = f.store->make_tag({{ValType::i32(), ValType::externref()}, {}});
  const Func thrower = f.store->make_func({}, [&](HostCall& call, abi::Slot*) {
    const Value args[] = {Value::i32(3), *call.store.make_extern(9)};
    return call.store.throw_exception(tag, args);
  });
  const auto result = f.store->call(thrower, {});
  ASSERT_FALSE(result);
  const Trap* const trap = result.error().trap();
  ASSERT_NE(trap, nullptr);
  EXPECT_EQ(trap->code, TrapCode::uncaught_exception);
  f.store->collect();
  const auto* const exception = static_cast<abi::ExceptionObject*>(abi::as_object(trap->exception.ref()));
  EXPECT_EQ(exception->tag, tag.object);
  EXPECT_EQ(exception->slots[0], 3u);
  EXPECT_EQ(static_cast<abi::ExternObject*>(abi::as_object(exception->slots[1]))->payload, 9u);
}

TEST(Store, StacksMustBePossible) {
  Config config;
  config.value_stack_bytes = ~uint64_t{0};
  EXPECT_EQ(Store::create(Engine::create(config)).error().code, ErrorCode::out_of_memory);
}

}  // namespace
}  // namespace cloche::runtime
