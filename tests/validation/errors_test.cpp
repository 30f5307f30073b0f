// What is wrong with a body, and where: whole messages, and byte offsets for what text cannot say.
#include <gtest/gtest.h>

#include "wat.hpp"

namespace cloche {
namespace {

struct Case {
  const char* wat;
  const char* message;
};

class Invalid : public testing::TestWithParam<Case> {};

TEST_P(Invalid, is_refused_with_its_message) { EXPECT_EQ(error_of(GetParam().wat), GetParam().message); }

INSTANTIATE_TEST_SUITE_P(
    Bodies, Invalid,
    testing::Values(
        Case{"(func i64.const 1 i32.eqz drop)",
             "type mismatch: instruction requires [i32] but stack has [i64]"},
        Case{"(func i32.const 1 i32.add drop)",
             "type mismatch: instruction requires [i32 i32] but stack has [i32]"},
        Case{"(func (result i32) i64.const 1 i32.const 2 i32.const 3 i32.add)",
             "type mismatch: block requires [i32] but stack has [i64 i32]"},
        Case{"(func (result i32))", "type mismatch: instruction requires [i32] but stack has []"},
        Case{"(func unreachable i64.const 1 i32.add drop)",
             "type mismatch: instruction requires [i32 i32] but stack has [i64]"},
        Case{"(func unreachable i32.add drop)", ""},
        Case{"(func drop)", "type mismatch: instruction requires an operand but stack has []"},
        Case{"(func (drop (local.get 5)))", "unknown local 5"},
        Case{"(func (local i32) (drop (local.get 130)))", "unknown local 130"},
        Case{"(func (local (ref func)) (drop (local.get 0)))", "uninitialized local 0"},
        Case{"(func (param (ref func)) (local (ref func)) (block (local.set 1 (local.get 0))) (drop "
             "(local.get 1)))",
             "uninitialized local 1"},
        Case{"(func (param (ref func)) (local (ref func)) (local.set 1 (local.get 0)) (block (drop "
             "(local.get 1))))",
             ""},
        Case{"(func (param (ref func)) (local (ref func)) (if (i32.const 1) (then (local.set 1 (local.get "
             "0))) "
             "(else (drop (local.get 1)))))",
             "uninitialized local 1"},
        Case{"(func br 1)", "unknown label 1"}, Case{"(func (call 1))", "unknown function 1"},
        Case{"(func (drop (global.get 0)))", "unknown global 0"},
        Case{"(global i32 (i32.const 1)) (func (global.set 0 (i32.const 1)))", "immutable global 0"},
        Case{"(func (drop (i32.load (i32.const 0))))", "unknown memory 0"},
        Case{"(memory 1) (func (drop (i32.load align=8 (i32.const 0))))",
             "alignment must not be larger than natural: 2^3 for an access of 4 bytes"},
        Case{"(memory i64 1) (func (drop (i32.load (i32.const 0))))",
             "type mismatch: instruction requires [i64] but stack has [i32]"},
        Case{"(memory 1) (func (drop (i32.load offset=0x1_0000_0000 (i32.const 0))))",
             "offset out of range: 4294967296"},
        Case{"(func (drop (i8x16.extract_lane_s 16 (v128.const i64x2 0 0))))",
             "invalid lane index: 16 of 16"},
        Case{"(func (drop (ref.func 0)))", "undeclared function reference: function 0"},
        Case{"(elem declare func 0) (func (drop (ref.func 0)))", ""},
        Case{"(func (block (result i32) (br_table 0 1 (i32.const 1) (i32.const 0))) drop)",
             "type mismatch: labels of br_table carry 0 and 1 operands"},
        Case{"(func (result i32) (if (result i32) (i32.const 1) (then (i32.const 2))))",
             "type mismatch: if without else requires [i32] but has []"},
        Case{"(func (result i64) (return_call 1)) (func (result i32) (i32.const 1))",
             "type mismatch: function returns [i64] but callee returns [i32]"},
        Case{
            "(type (struct (field i32))) (func (param (ref 0)) (struct.set 0 0 (local.get 0) (i32.const 1)))",
            "immutable field 0"},
        Case{"(type (struct (field i8))) (func (param (ref 0)) (drop (struct.get 0 0 (local.get 0))))",
             "type mismatch: a packed field is read by get_s or get_u"},
        Case{"(type (struct)) (type (array i32)) (func (drop (ref.cast (ref 1) (struct.new 0))))", ""},
        Case{"(type $a (struct)) (type $b (struct (field i32))) (func (param (ref null 1)) (result (ref 0)) "
             "local.get 0 "
             "ref.as_non_null)",
             "type mismatch: instruction requires [(ref 0)] but stack has [(ref 1)]"},
        Case{"(func (drop (select (ref.null func) (ref.null func) (i32.const 1))))",
             "type mismatch: select requires two numbers or vectors of one type but stack has [funcref "
             "funcref]"}));

INSTANTIATE_TEST_SUITE_P(
    Definitions, Invalid,
    testing::Values(
        Case{"(memory 65537)", "memory size must be at most 65536 pages (4GiB)"},
        Case{"(memory 2 1)", "size minimum must not be greater than maximum: 2, 1"},
        Case{"(memory 1 shared)", "shared memory must have maximum"},
        Case{"(export \"a\" (func 0)) (export \"b\" (func 0)) (export \"a\" (func 0)) (func)",
             "duplicate export name: \"a\""},
        Case{"(export \"a\" (global 0))", "unknown global 0"}, Case{"(start 0)", "unknown function 0"},
        Case{"(func (param i32)) (start 0)", "start function: function 0 has the type [i32] -> []"},
        Case{"(global i32 (global.get 0))", "unknown global 0"},
        Case{"(global (mut i32) (i32.const 1)) (global i32 (global.get 0))",
             "constant expression required: global.get of global 0"},
        Case{"(global i32 (i32.const 1)) (global i32 (i32.mul (global.get 0) (i32.const 3)))", ""},
        Case{"(global i32 (i32.clz (i32.const 1)))", "constant expression required: i32.clz"},
        Case{"(global i32 (i64.const 1))", "type mismatch: instruction requires [i32] but stack has [i64]"},
        Case{"(table 1 (ref func))", "type mismatch: a table of (ref func) requires an initializer"},
        Case{"(elem (i32.const 0) func)", "unknown table 0"},
        Case{"(data (i32.const 0) \"\")", "unknown memory 0"},
        Case{"(tag (result i32))", "non-empty tag result type: [i32]"},
        Case{"(type (sub final (struct))) (type (sub 0 (struct)))", "sub type: type 1 of 0, which is final"},
        Case{"(type (sub (struct (field i32)))) (type (sub 0 (struct)))",
             "sub type: type 1 of 0 does not match it"},
        Case{"(type (struct (field (ref 1)))) (type (struct))", "unknown type 1"},
        Case{"(rec (type (struct (field (ref 1)))) (type (struct)))", ""}));

/// Locals far from the first are looked up in another way.
TEST(FarLocals, are_known_and_tracked) {
  std::string many = "(func (param (ref func)) (local";
  for (int i = 0; i < 2000; ++i) many += " i64";
  many += ") (local (ref func) (ref func) f32) ";
  EXPECT_EQ(error_of(many + "(drop (local.get 2000)) (drop (local.get 2003)))"), "");
  EXPECT_EQ(error_of(many + "(drop (local.get 2004)))"), "unknown local 2004");
  EXPECT_EQ(error_of(many + "(drop (local.get 2001)))"), "uninitialized local 2001");
  EXPECT_EQ(error_of(many + "(local.set 2001 (local.get 0)) (block (drop (local.get 2001))))"), "");
  EXPECT_EQ(error_of(many + "(block (local.set 2001 (local.get 0))) (drop (local.get 2001)))"),
            "uninitialized local 2001");
  EXPECT_EQ(error_of(many + "(local.set 2003 (i32.const 1)))"),
            "type mismatch: instruction requires [f32] but stack has [i32]");
}

TEST(SubtypeDepth, is_limited_to_63) {
  std::string wat = "(type (sub (struct)))";
  for (int i = 0; i < 63; ++i) wat += "(type (sub " + std::to_string(i) + " (struct)))";
  EXPECT_EQ(error_of(wat), "");
  EXPECT_EQ(error_of(wat + "(type (sub 63 (struct)))"),
            "limit exceeded: depth of the subtype hierarchy: 64, at most 63");
}

// ---- Bytes

constexpr size_t code_begin = 23;  // offset of the first instruction in the module below

/// A module of one function without parameters and results, with these instructions; the final `end`
/// included.
std::vector<uint8_t> module_of(std::vector<uint8_t> code) {
  std::vector<uint8_t> bytes = {0,   'a',
                                's', 'm',
                                1,   0,
                                0,   0,
                                1,   4,
                                1,   0x60,
                                0,   0,  // types: [] -> []
                                3,   2,
                                1,   0,  // one function of type 0
                                10,  static_cast<uint8_t>(code.size() + 3),
                                1,   static_cast<uint8_t>(code.size() + 1),
                                0};
  EXPECT_EQ(bytes.size(), code_begin);
  bytes.insert(bytes.end(), code.begin(), code.end());
  return bytes;
}

struct Bytes {
  std::vector<uint8_t> code;
  wasm::ErrorCode error;
  size_t offset;  // from the first instruction
};

class Malformed : public testing::TestWithParam<Bytes> {};

TEST_P(Malformed, is_refused_at_its_offset) {
  const auto features = wasm::FeatureSet::wasm3();
  auto module = binary::decode(wasm::ModuleBytes(module_of(GetParam().code)), features);
  ASSERT_TRUE(module) << module.error().message();
  validate::TypeRegistry registry;
  const auto result = validate::validate(std::make_shared<const wasm::Module>(std::move(*module)), registry);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, GetParam().error) << result.error().message();
  EXPECT_EQ(result.error().offset, code_begin + GetParam().offset) << result.error().message();
}

using wasm::ErrorCode;
INSTANTIATE_TEST_SUITE_P(
    Bodies, Malformed,
    testing::Values(
        Bytes{{0x01, 0xFF, 0x0B}, ErrorCode::illegal_opcode, 1},
        Bytes{{0xFC, 0x7F, 0x0B}, ErrorCode::illegal_opcode, 0},
        Bytes{{0xFE, 0x03, 0x00, 0x0B}, ErrorCode::feature_disabled, 0},  // atomic.fence
        Bytes{{0x06, 0x40, 0x0B, 0x0B}, ErrorCode::feature_disabled, 0},  // try
        Bytes{{0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1A, 0x0B}, ErrorCode::integer_too_long, 5},
        Bytes{{0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0x1A, 0x0B}, ErrorCode::integer_too_large, 5},
        Bytes{{0xFC, 0x09, 0x00, 0x0B}, ErrorCode::data_count_required, 0},  // data.drop
        Bytes{{0x02, 0x7A, 0x0B, 0x0B}, ErrorCode::malformed_value_type, 1},
        Bytes{{0x05, 0x0B}, ErrorCode::illegal_opcode, 0},  // else
        Bytes{{0x00, 0x28, 0x80, 0x01, 0x00, 0x1A, 0x0B}, ErrorCode::malformed_mem_arg, 2},
        Bytes{{0x0B, 0x0B}, ErrorCode::section_size_mismatch, static_cast<size_t>(-1)},
        Bytes{{0x41, 0x0B}, ErrorCode::unexpected_end_of_section, 2}));

/// Every cut and every changed byte of a body is refused or accepted, without reading beyond it.
TEST(Damage, stays_in_bounds) {
  const auto module = decode_wat(
      R"((memory 1) (table 2 funcref) (type $s (struct (field i32))) (func $f (param i32) (result i32)
    (local i64 f32) (block (result i32) (br_table 0 0 (i32.load offset=300 (local.get 0)) (i32.const 100000)))
    (v128.store (i32.const 1) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 1 2) (v128.const i64x2 3 4)))
    (drop (struct.new $s (i32.const 5))) (if (result i32) (i32.eqz) (then (i32.const 1)) (else (call $f (i32.const 2))))))");
  ASSERT_TRUE(module);
  const std::vector<uint8_t> bytes(module->bytes.span().begin(), module->bytes.span().end());
  validate::TypeRegistry registry;
  const auto look = [&](std::vector<uint8_t> changed) {
    auto decoded = binary::decode(wasm::ModuleBytes(std::move(changed)), wasm::FeatureSet::all());
    if (decoded)
      static_cast<void>(
          validate::validate(std::make_shared<const wasm::Module>(std::move(*decoded)), registry));
  };
  const wasm::Code& code = module->codes[0];
  for (size_t i = code.body.offset; i < bytes.size(); ++i) {
    for (unsigned value = 0; value < 256; ++value) {
      std::vector<uint8_t> changed = bytes;
      changed[i] = static_cast<uint8_t>(value);
      look(std::move(changed));
    }
  }
}

}  // namespace
}  // namespace cloche
