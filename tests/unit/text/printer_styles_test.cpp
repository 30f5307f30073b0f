// What the printer writes in wabt's style, names it makes up, inline imports and exports, and text in pieces.
#include <gtest/gtest.h>

#include "binary/decoder.hpp"
#include "text/parser.hpp"
#include "text/printer.hpp"

namespace cloche::text {
namespace {

wasm::Module module_of(std::string_view source, AssembleOptions options = {}) {
  auto assembled = assemble(source, wasm::FeatureSet::all(), options);
  EXPECT_TRUE(assembled) << source;
  auto module = binary::decode(wasm::ModuleBytes(std::move(assembled->bytes)), wasm::FeatureSet::all());
  EXPECT_TRUE(module) << source;
  return std::move(*module);
}

std::string wabt(std::string_view source, PrintOptions options = {}) {
  options.style = PrintStyle::wabt;
  const auto text = print(module_of(source), options);
  EXPECT_TRUE(text) << source;
  return text.value_or("");
}

TEST(WabtStyle, AnElseFoldsLikeItsThen) {
  EXPECT_EQ(
      wabt("(func (param i32) local.get 0 if nop nop else local.get 0 local.get 0 i32.load i32.add drop end)"
           "(memory 1)",
           {.folded = true}),
      R"((module
  (type (;0;) (func (param i32)))
  (func (;0;) (type 0) (param i32)
    (if  ;; label = @1
      (local.get 0)
      (then
        (nop)
        (nop))
      (else
        (drop
          (i32.add
            (local.get 0)
            (i32.load
              (local.get 0)))))))
  (memory (;0;) 1))
)");
}

TEST(WabtStyle, FloatsAreExactAndExplained) {
  EXPECT_EQ(wabt("(func f32.const 1.5 drop f64.const -0x1p-1074 drop f32.const 0x1p-149 drop f32.const "
                 "nan:0x200000 drop "
                 "f64.const -inf drop f32.const 0 drop f64.const 1e300 drop f64.const 0.1 drop f32.const "
                 "-nan drop)"),
            R"((module
  (type (;0;) (func))
  (func (;0;) (type 0)
    f32.const 0x1.8p+0 (;=1.5;)
    drop
    f64.const -0x1p-1074 (;=-4.94066e-324;)
    drop
    f32.const 0x1p-149 (;=1.4013e-45;)
    drop
    f32.const nan:0x200000 (;=nan;)
    drop
    f64.const -inf (;=-inf;)
    drop
    f32.const 0x0p+0 (;=0;)
    drop
    f64.const 0x1.7e43c8800759cp+996 (;=1e+300;)
    drop
    f64.const 0x1.999999999999ap-4 (;=0.1;)
    drop
    f32.const -nan (;=-nan;)
    drop))
)");
}

TEST(WabtStyle, BlocksAndBranchesHaveTheirDepth) {
  EXPECT_EQ(wabt("(func (block (loop (br 1) (br 2) (br_table 0 1 2 (i32.const 0)))) (block))"), R"((module
  (type (;0;) (func))
  (func (;0;) (type 0)
    block  ;; label = @1
      loop  ;; label = @2
        br 1 (;@1;)
        br 2 (;@0;)
        i32.const 0
        br_table 0 (;@2;) 1 (;@1;) 2 (;@0;)
      end
    end
    block  ;; label = @1
    end))
)");
}

TEST(WabtStyle, FoldsAsWabtDoes) {
  EXPECT_EQ(wabt("(func $two (result i32 i32) (i32.const 0) (i32.const 1))"
                 "(func (block) call $two i32.add drop call $two i32.const 1 i32.add drop i32.const 0 if nop "
                 "else end)",
                 {.folded = true, .use_names = false}),
            R"((module
  (type (;0;) (func (result i32 i32)))
  (type (;1;) (func))
  (func (;0;) (type 0) (result i32 i32)
    (i32.const 0)
    (i32.const 1))
  (func (;1;) (type 1)
    (block  ;; label = @1
    )
    (drop
      (i32.add
        (call 0)))
    (call 0)
    (i32.const 1)
    (i32.add)
    (drop)
    (if  ;; label = @1
      (i32.const 0)
      (then
        (nop))
      (else))))
)");
}

// A block type is written without its index only where the index would be found again.
TEST(WabtStyle, BlockTypesNameTheirTypeWhereTheyMust) {
  const std::string text = wabt(
      "(type (func (param i32))) (type (func (param i32))) (func (i32.const 0) (block (type 0) drop)"
      " (i32.const 0) (block (type 1) drop))");
  EXPECT_NE(text.find("block (param i32)  ;; label"), std::string::npos) << text;
  EXPECT_NE(text.find("block (type 1) (param i32)  ;; label"), std::string::npos) << text;
}

TEST(WabtStyle, SegmentsAndStrings) {
  EXPECT_EQ(wabt("(memory 1) (table 2 funcref) (func $f) (data (i32.const 0) \"a\\\"\\\\\\00\\ff\")"
                 "(elem (i32.const 0) $f $f) (elem declare func $f) (export \"\\u{e9}\" (func $f))"
                 "(global (mut i64) (i64.add (i64.const 1) (i64.const 2))) (start $f)",
                 {.use_names = false}),
            R"((module
  (type (;0;) (func))
  (func (;0;) (type 0))
  (table (;0;) 2 funcref)
  (memory (;0;) 1)
  (global (;0;) (mut i64) (i64.add
      (i64.const 1)
      (i64.const 2)))
  (export "\c3\a9" (func 0))
  (start 0)
  (elem (;0;) (i32.const 0) func 0 0)
  (elem (;1;) declare func 0)
  (data (;0;) (i32.const 0) "a\22\5c\00\ff"))
)");
}

TEST(WabtStyle, IdentifiersHaveNoQuotesAndAreUnique) {
  const std::string text = wabt("(func (@name \"a b\")) (func (@name \"a_b\")) (func (@name \"a,b\"))");
  EXPECT_NE(text.find("(func $a_b "), std::string::npos) << text;
  EXPECT_NE(text.find("(func $a_b.1 "), std::string::npos) << text;
  EXPECT_NE(text.find("(func $a_b.2 "), std::string::npos) << text;
}

TEST(Printer, MakesUpNames) {
  EXPECT_EQ(
      wabt("(import \"m\" \"f\" (func (param i32))) (func (param i32) (local i64 f32) (block (loop (br 1))) "
           "(local.set 1 (i64.const 0))) (func $f1) (func (export \"run\")) (global i32 (i32.const 0))",
           {.generate_names = true}),
      R"((module
  (type $t0 (func (param i32)))
  (type $t1 (func))
  (import "m" "f" (func $m.f (type $t0)))
  (func $f1_1 (type $t0) (param $p0 i32)
    (local $l1 i64) (local $l2 f32)
    block $B0
      loop $L1
        br $B0
      end
    end
    i64.const 0
    local.set $l1)
  (func $f1 (type $t1))
  (func $run (type $t1))
  (global $g0 i32 (i32.const 0))
  (export "run" (func $run)))
)");
}

TEST(Printer, WritesImportsAndExportsInline) {
  const std::string_view source =
      "(import \"m\" \"f\" (func (param i32))) (memory 1) (func) (export \"a\" (func 1)) (export \"b\" "
      "(memory 0))"
      "(export \"c\" (func 1)) (export \"d\" (func 0))";
  EXPECT_EQ(wabt(source, {.inline_exports = true}), R"((module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "m" "f" (func (;0;) (type 0)))
  (func (;1;) (export "a") (export "c") (type 1))
  (memory (;0;) (export "b") 1)
  (export "d" (func 0)))
)");
  EXPECT_EQ(wabt(source, {.inline_exports = true, .inline_imports = true}), R"((module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (func (;0;) (export "d") (import "m" "f") (type 0) (param i32))
  (func (;1;) (export "a") (export "c") (type 1))
  (memory (;0;) (export "b") 1))
)");
}

TEST(Printer, HandsTheTextOnInPieces) {
  std::string source = "(memory 9) (data (i32.const 0) \"" + std::string(300000, 'x') + "\")";
  for (int i = 0; i < 3000; ++i) source += "(func (drop (i32.const 123456)))";
  const wasm::Module module = module_of(source);
  std::string text;
  size_t largest = 0;
  ASSERT_TRUE(print(module, {}, [&](std::string_view piece) {
    text += piece;
    largest = std::max(largest, piece.size());
  }));
  EXPECT_LT(largest, 200000u);
  EXPECT_EQ(text, print(module).value_or(""));
  EXPECT_EQ(assemble(text, wasm::FeatureSet::all())->bytes.size(), module.bytes.size());
}

TEST(Assembler, LeavesNamesOutWhenAsked) {
  EXPECT_EQ(module_of("(func $f)", {.names = false}).customs.size(), 0u);
  EXPECT_EQ(module_of("(func $f)").customs.size(), 1u);
}

}  // namespace
}  // namespace cloche::text
