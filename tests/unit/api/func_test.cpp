// Calls into a module: with values, and with a C++ signature.
#include <chrono>
#include <limits>

#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;

constexpr std::string_view identities = R"((module
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "v128") (param v128) (result v128) (local.get 0))
  (func (export "nothing"))
  (func (export "three") (result i32 v128 f64) (i32.const 1) (v128.const i64x2 2 3) (f64.const 4))
  (func (export "swap") (param i32 v128 i64) (result i64 v128 i32) (local.get 2) (local.get 1) (local.get 0))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "null") (param (ref null func)) (result i32) (ref.is_null (local.get 0)))
  (func (export "some") (param (ref func)) (result i32) (ref.is_null (local.get 0)))))";

TEST(Func, CallsWithValues) {
  World world;
  const Instance instance = world.instance(identities);
  EXPECT_EQ(test::call(instance, "add", {3, 4}), "7");
  EXPECT_EQ(test::call(instance, "nothing"), "");
  EXPECT_EQ(test::call(instance, "three"), "1 i32x4:2,0,3,0 4");
  EXPECT_EQ(test::call(instance, "f32", {Value::f32_bits(0x7F800001)}), "nan:0x7f800001");
  EXPECT_EQ(test::call(instance, "i64", {int64_t{-5}}), "-5");
  EXPECT_EQ(test::call(instance, "swap", {1, V128{{2}}, int64_t{3}}), "3 i32x4:2,0,0,0 1");
  EXPECT_EQ(test::call(instance, "null", {Ref()}), "1");
}

TEST(Func, RefusesOtherValues) {
  World world;
  const Instance instance = world.instance(identities);
  const Func add = *instance.func("add");
  EXPECT_THAT(add.call({}), FailsWith(ErrorKind::usage, "0 arguments for the types [i32 i32]"));
  EXPECT_THAT(add.call({1, 2, 3}), FailsWith(ErrorKind::usage, "3 arguments"));
  EXPECT_THAT(add.call({1, 2.0}),
              FailsWith(ErrorKind::usage, "argument 2: type mismatch: 2 is not of type i32"));
  EXPECT_THAT(instance.func("some")->call({Ref()}),
              FailsWith(ErrorKind::usage, "ref.null is not of type (ref func)"));
}

TEST(Func, KnowsItsType) {
  World world;
  const FunctionType type = world.instance(identities).func("swap")->type();
  EXPECT_EQ(type.to_string(), "[i32 v128 i64] -> [i64 v128 i32]");
  EXPECT_EQ(type.params[1].kind, ValueKind::v128);
  EXPECT_EQ(type.results[0].kind, ValueKind::i64);
}

TEST(TypedFunc, EveryType) {
  World world;
  const Instance instance = world.instance(identities);
  EXPECT_EQ((*(*instance.func<int32_t(int32_t)>("i32"))(-1)), -1);
  EXPECT_EQ((*(*instance.func<uint32_t(uint32_t)>("i32"))(0xFFFFFFFF)), 0xFFFFFFFFu);
  EXPECT_EQ((*(*instance.func<int64_t(int64_t)>("i64"))(std::numeric_limits<int64_t>::min())),
            std::numeric_limits<int64_t>::min());
  EXPECT_EQ((*(*instance.func<unsigned long long(long long)>("i64"))(-1)), ~0ull);
  EXPECT_EQ((*(*instance.func<float(float)>("f32"))(0.5f)), 0.5f);
  EXPECT_EQ((*(*instance.func<double(double)>("f64"))(-0.25)), -0.25);
  EXPECT_EQ((*(*instance.func<V128(V128)>("v128"))(V128{{7}})), V128{{7}});
  EXPECT_EQ((*(*instance.func<V128(const V128&)>("v128"))(V128{{8}})), V128{{8}});
  EXPECT_TRUE((*instance.func<void()>("nothing"))());
}

TEST(TypedFunc, SeveralResultsAreATuple) {
  World world;
  const Instance instance = world.instance(identities);
  const auto three = (*instance.func<std::tuple<int32_t, V128, double>()>("three"))();
  ASSERT_TRUE(three);
  EXPECT_EQ(*three, std::tuple(1, (V128{{2, 0, 0, 0, 0, 0, 0, 0, 3}}), 4.0));
  const auto swap = instance.func<std::tuple<int64_t, V128, int32_t>(int32_t, V128, int64_t)>("swap");
  ASSERT_TRUE(swap);
  EXPECT_EQ(*(*swap)(1, V128{{2}}, 3), std::tuple(int64_t{3}, V128{{2}}, 1));
}

TEST(TypedFunc, TheSignatureIsCheckedOnce) {
  World world;
  const Instance instance = world.instance(identities);
  EXPECT_THAT((instance.func<int32_t(int32_t)>("add")),
              FailsWith(ErrorKind::usage, "the function is [i32 i32] -> [i32], not [i32] -> [i32]"));
  EXPECT_THAT((instance.func<int64_t(int32_t, int32_t)>("add")),
              FailsWith(ErrorKind::usage, "signature mismatch"));
  EXPECT_THAT((instance.func<void()>("null")), FailsWith(ErrorKind::usage, "signature mismatch"));
  EXPECT_THAT((instance.func<void()>("missing")),
              FailsWith(ErrorKind::usage, "no export is named 'missing'"));
  EXPECT_TRUE(instance.func("add")->typed<int32_t(int32_t, int32_t)>());
}

TEST(Func, ReferencesNameFunctions) {
  World world;
  const Instance instance = world.instance(identities);
  const Func add = *instance.func("add");
  const Ref ref = add.ref();
  EXPECT_EQ(Value(ref).to_string(), "ref.func");
  EXPECT_EQ(ref, instance.func("add")->ref());
  const auto back = Func::from(ref);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->call({20, 22})->at(0).i32(), 42);
  EXPECT_EQ(test::call(instance, "some", {ref}), "0");
  EXPECT_FALSE(Func::from(Ref()));
  EXPECT_FALSE(Func::from(world.store.make_extern(1)));
}

TEST(Func, CallsManyTimesWithoutGrowing) {
  World world;
  const auto add = *world.instance(identities).func<int32_t(int32_t, int32_t)>("add");
  int32_t sum = 0;
  for (int32_t i = 0; i < 100000; ++i) sum = *add(sum, i % 3);
  EXPECT_EQ(sum, 99999);
}

}  // namespace
}  // namespace cloche
