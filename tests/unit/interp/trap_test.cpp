// Where and how traps happen: the offset of the very instruction, also inside a superinstruction, and nothing
// written.
#include "interp_fixture.hpp"

#include "binary/decoder.hpp"
#include "binary/instr_reader.hpp"

namespace cloche::interp::test {
namespace {

class Traps : public EveryMode {};
INSTANTIATE_TEST_SUITE_P(Modes, Traps, every_mode, mode_name);

/// One page; each function does something, accesses memory at its parameter, and does something more.
constexpr std::string_view accesses = R"((module (memory (export "m") 1)
  (global $g (mut i32) (i32.const 0))
  (func (export "load") (param i32) (result i32) (local i32)
    (local.set 1 (i32.load offset=4 (i32.add (local.get 0) (i32.const 1))))
    (local.get 1))
  (func (export "store") (param i32) (result i32)
    (i64.store offset=3 (local.get 0) (i64.const -1))
    (i32.const 5))
  (func (export "far") (param i32) (result i32) (i32.load8_u offset=0xFFFFFFFF (local.get 0)))
  (func (export "copy") (param i32) (memory.copy (local.get 0) (i32.const 0) (i32.const 100)))
  (func (export "v128") (param i32) (v128.store (local.get 0) (v128.const i64x2 -1 -1)))
  (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "div") (param i32 i32) (result i32) (local i32)
    (local.set 2 (i32.div_s (local.get 0) (local.get 1))) (local.get 2))))";

TEST_P(Traps, AccessesTrapExactlyBeyondTheEnd) {
  Program program(accesses, GetParam());
  EXPECT_EQ(program.result("load", {Value::i32(65536 - 9)}), 0u);
  for (const uint32_t address : {65536u - 8, 65536u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFF0u})
    EXPECT_EQ(program.trap("load", {Value::i32(address)}).code, TrapCode::out_of_bounds_memory_access)
        << address;
  EXPECT_EQ(program.result("store", {Value::i32(65536 - 11)}), 5u);
  EXPECT_EQ(program.trap("far", {Value::i32(1)}).code, TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(program.trap("far", {Value::i32(0xFFFFFFFF)}).code, TrapCode::out_of_bounds_memory_access);
}

TEST_P(Traps, ATrappingStoreWritesNothing) {
  Program program(accesses, GetParam());
  EXPECT_EQ(program.trap("store", {Value::i32(65536 - 10)}).code, TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(program.trap("v128", {Value::i32(65536 - 15)}).code, TrapCode::out_of_bounds_memory_access);
  EXPECT_EQ(program.trap("copy", {Value::i32(65536 - 99)}).code, TrapCode::out_of_bounds_memory_access);
  for (uint32_t address = 65536 - 16; address < 65536; ++address)
    EXPECT_EQ(program.result("peek", {Value::i32(address)}), 0u) << address;
}

/// Offset of the only instruction `op` in the module's code.
uint32_t offset_of(std::string_view text, wasm::Op op) {
  auto assembled = text::assemble(text, wasm::FeatureSet::all());
  auto module = binary::decode(wasm::ModuleBytes(std::move(assembled->bytes)), wasm::FeatureSet::all());
  for (const wasm::Code& code : module->codes) {
    const uint32_t end = code.body.offset + code.body.size;
    binary::InstrReader reader(*module, {code.expr_offset, end - code.expr_offset});
    while (!reader.at_end()) {
      const auto at = static_cast<uint32_t>(reader.offset());
      if (reader.next()->op == op) return at;
    }
  }
  return 0;
}

TEST_P(Traps, TheTraceNamesTheInstruction) {
  Program program(accesses, GetParam());
  EXPECT_EQ(program.trap("load", {Value::i32(65536)}).trace[0].module_offset,
            offset_of(accesses, wasm::Op::i32_load));
  EXPECT_EQ(program.trap("store", {Value::i32(65536)}).trace[0].module_offset,
            offset_of(accesses, wasm::Op::i64_store));
  EXPECT_EQ(program.trap("copy", {Value::i32(65536)}).trace[0].module_offset,
            offset_of(accesses, wasm::Op::memory_copy));
  for (const auto& [divisor, code] : {std::pair{0u, TrapCode::integer_divide_by_zero},
                                      std::pair{0xFFFFFFFFu, TrapCode::integer_overflow}}) {
    const runtime::Trap trap = program.trap("div", {Value::i32(0x80000000), Value::i32(divisor)});
    EXPECT_EQ(trap.code, code);
    EXPECT_EQ(trap.trace[0].module_offset, offset_of(accesses, wasm::Op::i32_div_s));
  }
}

TEST_P(Traps, CallersAreNamedByTheirCalls) {
  constexpr std::string_view text = R"((module
    (func $inner (param i32) (result i32) (unreachable))
    (func $outer (export "f") (param i32) (result i32)
      (i32.add (i32.const 1) (call $inner (i32.add (local.get 0) (i32.const 1)))))))";
  Program program(text, GetParam());
  const runtime::Trap trap = program.trap("f", {Value::i32(1)});
  ASSERT_EQ(trap.trace.size(), 2u);
  EXPECT_EQ(trap.trace[0].module_offset, offset_of(text, wasm::Op::unreachable));
  EXPECT_EQ(trap.trace[1].module_offset, offset_of(text, wasm::Op::call));
}

TEST_P(Traps, VectorLocalsTakeTwoSlots) {
  Program program(R"((module (func (export "f") (param i32 v128 i32) (result v128 i32) (local v128)
    (local.set 3 (i32x4.add (local.get 1) (i32x4.splat (local.get 0))))
    (if (local.get 2) (then (local.set 1 (local.tee 3 (i32x4.add (local.get 3) (local.get 3))))))
    (drop (local.get 3)) (drop (local.get 0))
    (select (result v128) (local.get 3) (local.get 1) (local.get 2)) (i32.add (local.get 0) (local.get 2)))))",
                  GetParam());
  const auto results =
      *program.call("f", {Value::i32(5), Value::v128(0x0000000200000001, 0x0000000400000003), Value::i32(1)});
  EXPECT_EQ(results[0].bits(), 0x0000000E0000000Cu);
  EXPECT_EQ(results[0].high_bits(), 0x0000001200000010u);
  EXPECT_EQ(results[1].as_i32(), 6u);
}

TEST_P(Traps, NansKeepTheirBits) {
  Program program(R"((module (memory 1)
    (func (export "through") (param f64) (result f64) (local f64)
      (local.set 1 (local.get 0)) (f64.store (i32.const 8) (local.get 1))
      (f64.neg (f64.neg (f64.load (i32.const 8)))))))",
                  GetParam());
  EXPECT_EQ(program.result("through", {Value::f64_bits(0x7FF4000000000001)}), 0x7FF4000000000001u);
}

TEST(Deterministic, NansAreCanonical) {
  Program program(R"((module
    (func (export "add") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
    (func (export "neg") (param f64) (result f64) (f64.neg (local.get 0)))))",
                  {abi::Quicken::always, true, true});
  EXPECT_EQ(program.result("add", {Value::f64_bits(0xFFF4000000000001), Value::f64(1)}), 0x7FF8000000000000u);
  EXPECT_EQ(program.result("neg", {Value::f64_bits(0x7FF4000000000001)}), 0xFFF4000000000001u);
}

}  // namespace
}  // namespace cloche::interp::test
