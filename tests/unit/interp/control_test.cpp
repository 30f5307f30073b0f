// Control: branches, calls, tail calls, exhaustion, interruption, exceptions.
#include "interp_fixture.hpp"

namespace cloche::interp::test {
namespace {

class Control : public EveryMode {};
INSTANTIATE_TEST_SUITE_P(Modes, Control, every_mode, mode_name);

TEST_P(Control, LoopsAndLocals) {
  Program program(R"((module (func (export "sum") (param $n i32) (result i32) (local $s i32)
    (block $out (br_if $out (i32.eqz (local.get $n)))
      (loop $again
        (local.set $s (i32.add (local.get $s) (local.get $n)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (local.get $s))))",
                  GetParam());
  EXPECT_EQ(program.result("sum", {Value::i32(0)}), 0u);
  EXPECT_EQ(program.result("sum", {Value::i32(1)}), 1u);
  EXPECT_EQ(program.result("sum", {Value::i32(100'000)}), 705082704u);
}

TEST_P(Control, BranchTablePicksTheLabelAndKeepsValues) {
  Program program(R"((module (func (export "pick") (param i32) (result i32)
    (block $a (result i32) (block $b (result i32) (block $c (result i32)
      (br_table $a $b $c (i32.const 10) (local.get 0)))
      (return (i32.add (i32.const 300))))
      (return (i32.add (i32.const 200))))
    (i32.add (i32.const 100)))))",
                  GetParam());
  const uint32_t expected[] = {110, 210, 310, 310, 310};
  for (uint32_t i = 0; i < 5; ++i) EXPECT_EQ(program.result("pick", {Value::i32(i)}), expected[i]) << i;
  EXPECT_EQ(program.result("pick", {Value::i32(0xFFFFFFFF)}), 310u);
}

TEST_P(Control, BranchesCarrySeveralValues) {
  Program program(R"((module (func (export "f") (param i32) (result i32 i64 f64)
    (block $out (result i32 i64 f64)
      (i64.const 99) (i32.const 98)
      (i32.const 1) (i64.const 2) (f64.const 3)
      (br_if $out (local.get 0))
      drop drop drop drop drop
      (i32.const 4) (i64.const 5) (f64.const 6)))))",
                  GetParam());
  auto taken = *program.call("f", {Value::i32(1)});
  EXPECT_EQ(taken[0].as_i32(), 1u);
  EXPECT_EQ(taken[1].as_i64(), 2u);
  EXPECT_EQ(taken[2].as_f64(), 3.0);
  auto not_taken = *program.call("f", {Value::i32(0)});
  EXPECT_EQ(not_taken[0].as_i32(), 4u);
  EXPECT_EQ(not_taken[2].as_f64(), 6.0);
}

TEST_P(Control, CallsOfAllKinds) {
  Program program(R"((module
    (type $op (func (param i64 i64) (result i64)))
    (table funcref (elem $add $sub $fact $null_maker))
    (func $add (type $op) (i64.add (local.get 0) (local.get 1)))
    (func $sub (type $op) (i64.sub (local.get 0) (local.get 1)))
    (func $null_maker (result i64) (i64.const 0))
    (func $fact (export "fact") (param i64) (result i64)
      (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1))
        (else (i64.mul (local.get 0) (call $fact (i64.sub (local.get 0) (i64.const 1)))))))
    (func (export "indirect") (param i32 i64 i64) (result i64)
      (call_indirect (type $op) (local.get 1) (local.get 2) (local.get 0)))
    (func (export "ref") (param i64 i64) (result i64)
      (call_ref $op (local.get 0) (local.get 1) (ref.func $sub)))
    (elem declare func $sub)))",
                  GetParam());
  EXPECT_EQ(program.result("fact", {Value::i64(20)}), 2432902008176640000u);
  EXPECT_EQ(program.result("indirect", {Value::i32(0), Value::i64(5), Value::i64(3)}), 8u);
  EXPECT_EQ(program.result("indirect", {Value::i32(1), Value::i64(5), Value::i64(3)}), 2u);
  EXPECT_EQ(program.trap("indirect", {Value::i32(2), Value::i64(5), Value::i64(3)}).code,
            TrapCode::indirect_call_type_mismatch);
  EXPECT_EQ(program.trap("indirect", {Value::i32(4), Value::i64(5), Value::i64(3)}).code,
            TrapCode::undefined_element);
  EXPECT_EQ(program.result("ref", {Value::i64(5), Value::i64(3)}), 2u);
}

TEST_P(Control, TailCallsRunInConstantStack) {
  Program program(R"((module
    (table funcref (elem $odd))
    (type $t (func (param i64 i32 i32 i32) (result i64)))
    (func $even (export "even") (type $t)
      (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1))
        (else (return_call_indirect (type $t) (i64.sub (local.get 0) (i64.const 1)) (local.get 1) (local.get 2)
                                              (local.get 3) (i32.const 0)))))
    (func $odd (type $t) (local i64 i64)
      (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 0))
        (else (return_call $even (i64.sub (local.get 0) (i64.const 1)) (local.get 1) (local.get 2) (local.get 3)))))))",
                  GetParam(), 64 << 10);
  EXPECT_EQ(program.result("even", {Value::i64(10'000'000), Value::i32(1), Value::i32(2), Value::i32(3)}),
            1u);
  EXPECT_EQ(program.result("even", {Value::i64(9'999'999), Value::i32(1), Value::i32(2), Value::i32(3)}), 0u);
}

TEST_P(Control, EndlessRecursionExhaustsTheStack) {
  Program program(R"((module (func $f (export "f") (param i32) (result i32) (local i64 i64 i64)
    (i32.add (call $f (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
    (func (export "ok") (result i32) (i32.const 7))))",
                  GetParam(), 1 << 20);
  for (int i = 0; i < 3; ++i) {
    const runtime::Trap trap = program.trap("f", {Value::i32(0)});
    EXPECT_EQ(trap.code, TrapCode::call_stack_exhausted);
    EXPECT_EQ(trap.trace.size(), 128u);
    EXPECT_GT(trap.frames_omitted, 1000u);
    EXPECT_EQ(program.result("ok"), 7u);
  }
}

TEST_P(Control, ExceptionsUnwindToTheirHandlers) {
  Program program(R"((module
    (tag $e (param i32 i64)) (tag $other)
    (func $thrower (param i32)
      (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $e (i32.const 41) (i64.const 1))))
      (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $other))))
    (func $between (param i32) (local i32 i32 i32) (call $thrower (local.get 0)))
    (func (export "f") (param i32) (result i32)
      (block $all
        (block $caught (result i32 i64)
          (try_table (catch $e $caught) (catch_all $all) (call $between (local.get 0)))
          (return (i32.const 1)))
        (return (i32.add (i32.wrap_i64))))
      (i32.const 3))
    (func (export "rethrown") (result i32)
      (block $outer (result i32 i64)
        (try_table (result i32 i64) (catch $e $outer)
          (block $inner (result exnref)
            (try_table (catch_all_ref $inner) (call $between (i32.const 1)))
            (unreachable))
          (throw_ref)))
      (drop))
    (func (export "uncaught") (call $between (i32.const 1)))))",
                  GetParam());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(program.result("f", {Value::i32(0)}), 1u);
    EXPECT_EQ(program.result("f", {Value::i32(1)}), 42u);
    EXPECT_EQ(program.result("f", {Value::i32(2)}), 3u);
    EXPECT_EQ(program.result("rethrown"), 41u);
    const runtime::Trap trap = program.trap("uncaught");
    EXPECT_EQ(trap.code, TrapCode::uncaught_exception);
    EXPECT_EQ(trap.trace.size(), 3u);
  }
}

TEST_P(Control, HostFunctionsStandBetweenGuestFunctions) {
  Program program(R"((module (import "m" "h" (func $h (param i32 i64) (result i64)))
    (func (export "f") (param i32) (result i64)
      (i64.add (i64.const 1000) (call $h (local.get 0) (i64.const 7))))
    (func (export "tail") (param i32) (result i64) (return_call $h (local.get 0) (i64.const 8)))))",
                  GetParam());
  const wasm::FuncType type{{wasm::ValType::i32(), wasm::ValType::i64()}, {wasm::ValType::i64()}};
  program.define("m", "h", program.store().make_func(type, [](runtime::HostCall&, abi::Slot* slots) {
    if (static_cast<uint32_t>(slots[0]) == 99) return TrapCode::host_error;
    slots[0] = static_cast<uint32_t>(slots[0]) * slots[1];
    return TrapCode::none;
  }));
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(program.result("f", {Value::i32(6)}), 1042u);
    EXPECT_EQ(program.result("tail", {Value::i32(6)}), 48u);
  }
  EXPECT_EQ(program.trap("f", {Value::i32(99)}).code, TrapCode::host_error);
  EXPECT_EQ(program.trap("f", {Value::i32(99)}).trace.size(), 2u);
}

}  // namespace
}  // namespace cloche::interp::test
