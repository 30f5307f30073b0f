#include "debug/session/state_hash.hpp"

#include "machine.hpp"

namespace cloche::debug {
namespace {

// Something of every kind; "keep" makes objects and holds them in globals.
constexpr std::string_view everything = R"((module
  (type $pair (struct (field $a (mut i32)) (field $next (mut (ref null $pair)))))
  (type $bytes (array (mut i8)))
  (type $funcs (array (mut funcref)))
  (tag $tag (param i32))
  (memory 1)
  (memory $other 1)
  (table $table 3 funcref)
  (elem $elem func $f $g)
  (data $data "abc")
  (global $number (mut i64) (i64.const 7))
  (global $vector (mut v128) (v128.const i64x2 1 2))
  (global $list (mut (ref null $pair)) (ref.null $pair))
  (global $array (mut (ref null $bytes)) (ref.null $bytes))
  (global $made (mut (ref null $funcs)) (ref.null $funcs))
  (global $caught (mut exnref) (ref.null exn))
  (global $small (mut (ref null i31)) (ref.i31 (i32.const 3)))
  (func $f) (func $g)
  (func (export "keep")
    (global.set $list (struct.new $pair (i32.const 1) (struct.new $pair (i32.const 2) (ref.null $pair))))
    (global.set $array (array.new $bytes (i32.const 5) (i32.const 4)))
    (global.set $made (array.new $funcs (ref.func $f) (i32.const 2)))
    (block $handler (result i32 exnref)
      (try_table (catch_ref $tag $handler) (throw $tag (i32.const 9)))
      (unreachable))
    (global.set $caught)
    (drop))
  (func (export "nothing"))
  (func (export "byte") (i32.store8 $other (i32.const 77) (i32.const 1)))
  (func (export "number") (global.set $number (i64.const 0x100000007)))
  (func (export "vector") (global.set $vector (v128.const i64x2 1 3)))
  (func (export "table") (table.set $table (i32.const 2) (ref.func $g)))
  (func (export "grow") (drop (table.grow $table (ref.null func) (i32.const 1))))
  (func (export "pages") (drop (memory.grow $other (i32.const 1))))
  (func (export "data") (data.drop $data))
  (func (export "elem") (elem.drop $elem))
  (func (export "deep") (struct.set $pair $a (struct.get $pair $next (global.get $list)) (i32.const 3)))
  (func (export "cycle")
    (struct.set $pair $next (struct.get $pair $next (global.get $list)) (global.get $list)))
  (func (export "element") (array.set $bytes (global.get $array) (i32.const 3) (i32.const 6)))
  (func (export "length") (global.set $array (array.new $bytes (i32.const 5) (i32.const 5))))
  (func (export "func") (array.set $funcs (global.get $made) (i32.const 1) (ref.func $g)))
  (func (export "payload")
    (block $handler (result i32 exnref)
      (try_table (catch_ref $tag $handler) (throw $tag (i32.const 10)))
      (unreachable))
    (global.set $caught)
    (drop))
  (func (export "small") (global.set $small (ref.i31 (i32.const 4))))))";

uint64_t hash_of(test::Machine& machine) {
  StateHash hash(machine.engine->types());
  hash.add(machine.inside());
  return hash.finish();
}

TEST(StateHash, EqualStatesHaveEqualNumbersWhereverTheirObjectsLie) {
  test::Machine one(everything), other(everything);
  EXPECT_TRUE(one.call("keep"));
  // Other objects come first here, and are garbage.
  EXPECT_TRUE(other.call("keep"));
  EXPECT_TRUE(other.call("keep"));
  EXPECT_EQ(hash_of(one), hash_of(other));
  EXPECT_EQ(hash_of(one), hash_of(one));
}

TEST(StateHash, EveryKindOfStateCounts) {
  test::Machine machine(everything);
  EXPECT_TRUE(machine.call("keep"));
  uint64_t before = hash_of(machine);
  EXPECT_TRUE(machine.call("nothing"));
  EXPECT_EQ(hash_of(machine), before);
  for (const char* change : {"byte", "number", "vector", "table", "grow", "pages", "data", "elem", "deep",
                             "cycle", "element", "length", "func", "payload", "small"}) {
    EXPECT_TRUE(machine.call(change)) << change;
    const uint64_t now = hash_of(machine);
    EXPECT_NE(now, before) << change;
    before = now;
  }
}

TEST(StateHash, UnusedHalvesOfSlotsDoNotCount) {
  test::Machine machine(everything);
  const abi::Slot clean[] = {5}, dirty[] = {0xFFFFFFFF00000005}, another[] = {6};
  const auto of = [&](wasm::ValType type, const abi::Slot* slot) {
    StateHash hash(machine.engine->types());
    hash.add(type, slot);
    return hash.finish();
  };
  EXPECT_EQ(of(wasm::ValType::i32(), clean), of(wasm::ValType::i32(), dirty));
  EXPECT_NE(of(wasm::ValType::i64(), clean), of(wasm::ValType::i64(), dirty));
  EXPECT_NE(of(wasm::ValType::i32(), clean), of(wasm::ValType::i32(), another));
}

}  // namespace
}  // namespace cloche::debug
