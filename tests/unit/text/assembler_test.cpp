// Modules from text: errors with their line and column, the map of offsets, implicit types, names, custom
// sections.
#include <gtest/gtest.h>

#include "binary/decoder.hpp"
#include "binary/names.hpp"
#include "text/parser.hpp"
#include "text/printer.hpp"

namespace cloche::text {
namespace {

using wasm::ErrorCode;

Assembled assemble_ok(std::string_view source, wasm::FeatureSet features = wasm::FeatureSet::all()) {
  auto assembled = assemble(source, features);
  EXPECT_TRUE(assembled) << source << ": " << assembled.error().message();
  return assembled ? std::move(*assembled) : Assembled{};
}

wasm::Module module_of(std::string_view source) {
  auto module = binary::decode(wasm::ModuleBytes(assemble_ok(source).bytes), wasm::FeatureSet::all());
  EXPECT_TRUE(module) << source << ": " << module.error().message();
  return std::move(*module);
}

struct ErrorCase {
  std::string_view source;
  ErrorCode code;
  LineColumn place;
};

class Errors : public testing::TestWithParam<ErrorCase> {};

TEST_P(Errors, HaveCodeAndPlace) {
  const ErrorCase& c = GetParam();
  const auto assembled = assemble(c.source, wasm::FeatureSet::wasm3());
  ASSERT_FALSE(assembled) << c.source;
  EXPECT_EQ(assembled.error().code, c.code) << c.source << ": " << assembled.error().message();
  const LineColumn place = line_column(c.source, assembled.error().offset);
  EXPECT_EQ(place.line, c.place.line) << c.source;
  EXPECT_EQ(place.column, c.place.column) << c.source << ": " << assembled.error().message();
}

INSTANTIATE_TEST_SUITE_P(
    Text, Errors,
    testing::Values(
        ErrorCase{"(module", ErrorCode::unexpected_token, {1, 8}},
        ErrorCase{"(module))", ErrorCode::unexpected_token, {1, 9}},
        ErrorCase{"(modul)", ErrorCode::unknown_operator, {1, 2}},
        ErrorCase{"(func\n  (i32.ad))", ErrorCode::unknown_operator, {2, 4}},
        ErrorCase{"(func\n\t; x\n)", ErrorCode::unknown_operator, {2, 2}},
        ErrorCase{"(func (;\xC3\xA4;) \xC3\xA4)", ErrorCode::illegal_character, {1, 13}},
        ErrorCase{"(func) \xFF", ErrorCode::malformed_utf8, {1, 8}},
        ErrorCase{"(func (call $x))", ErrorCode::unknown_name_func, {1, 13}},
        ErrorCase{"(func (local.get $x))", ErrorCode::unknown_name_local, {1, 18}},
        ErrorCase{"(func (br $x))", ErrorCode::unknown_name_label, {1, 11}},
        ErrorCase{"(func (block $x) (br $x))", ErrorCode::unknown_name_label, {1, 22}},
        ErrorCase{"(func (global.get $x))", ErrorCode::unknown_name_global, {1, 19}},
        ErrorCase{"(func (i32.load $x))", ErrorCode::unknown_name_memory, {1, 17}},
        ErrorCase{"(func (table.get $x))", ErrorCode::unknown_name_table, {1, 18}},
        ErrorCase{"(func (throw $x))", ErrorCode::unknown_name_tag, {1, 14}},
        ErrorCase{"(func (data.drop $x))", ErrorCode::unknown_name_data, {1, 18}},
        ErrorCase{"(func (elem.drop $x))", ErrorCode::unknown_name_elem, {1, 18}},
        ErrorCase{"(func (type $x))", ErrorCode::unknown_name_type, {1, 13}},
        ErrorCase{"(type $t (struct)) (func (struct.get $t $f))", ErrorCode::unknown_name_field, {1, 41}},
        ErrorCase{
            "(global i32 (local.get $x)) (func (param $x i32))", ErrorCode::unknown_name_local, {1, 24}},
        ErrorCase{"(func $f) (func $f)", ErrorCode::duplicate, {1, 17}},
        ErrorCase{"(func (param $x i32) (local $x i32))", ErrorCode::duplicate, {1, 29}},
        ErrorCase{"(type (struct (field $a i32) (field $a i32)))", ErrorCode::duplicate, {1, 37}},
        ErrorCase{"(func) (import \"a\" \"b\" (func))", ErrorCode::import_after, {1, 8}},
        ErrorCase{"(func) (func (import \"a\" \"b\"))", ErrorCode::import_after, {1, 14}},
        ErrorCase{"(start 0) (start 0)", ErrorCode::multiple_start, {1, 11}},
        ErrorCase{"(func block $a end $b)", ErrorCode::mismatching_label, {1, 20}},
        ErrorCase{"(func block end $b)", ErrorCode::mismatching_label, {1, 17}},
        ErrorCase{"(func i32.const 4294967296)", ErrorCode::constant_out_of_range, {1, 17}},
        ErrorCase{"(func i32.const 0x)", ErrorCode::unknown_operator, {1, 17}},
        ErrorCase{"(func i32.const 1.0)", ErrorCode::unexpected_token, {1, 17}},
        ErrorCase{"(func i32.load align=3)", ErrorCode::malformed_alignment, {1, 16}},
        ErrorCase{"(func i32.load offset=-1)", ErrorCode::unknown_operator, {1, 16}},
        ErrorCase{"(func br 99999999999)", ErrorCode::i32_constant_out_of_range, {1, 10}},
        ErrorCase{"(func i8x16.extract_lane_s 256)", ErrorCode::i8_constant_out_of_range, {1, 28}},
        ErrorCase{"(func v128.const i32x4 1 2 3)", ErrorCode::wrong_lane_literals, {1, 18}},
        ErrorCase{"(func i8x16.shuffle 1)", ErrorCode::invalid_lane_length, {1, 21}},
        ErrorCase{"(type $t (func)) (func (type $t) (param i32))", ErrorCode::inline_function_type, {1, 34}},
        ErrorCase{"(func (if (then)) else)", ErrorCode::unexpected_token, {1, 19}},
        ErrorCase{"(func (if (i32.const 1)))", ErrorCode::unexpected_token, {1, 24}},
        ErrorCase{"(func (if nop (then)))", ErrorCode::unexpected_token, {1, 11}},
        ErrorCase{"(func end)", ErrorCode::unexpected_token, {1, 7}},
        ErrorCase{"(func (block end))", ErrorCode::unexpected_token, {1, 14}},
        ErrorCase{"(func block )", ErrorCode::unexpected_token, {1, 13}},
        ErrorCase{"(func (param $x) )", ErrorCode::unexpected_token, {1, 16}},
        ErrorCase{"(func (param $x i32 i32))", ErrorCode::unexpected_token, {1, 21}},
        ErrorCase{"(func (result i32) (param i32))", ErrorCode::unexpected_token, {1, 20}},
        ErrorCase{"(func (block (param $x i32)))", ErrorCode::unexpected_token, {1, 21}},
        ErrorCase{"(func (i32.atomic.load))", ErrorCode::unknown_operator, {1, 8}},
        ErrorCase{"(func (try (do)))", ErrorCode::unknown_operator, {1, 8}},
        ErrorCase{"(memory 1 1 shared)", ErrorCode::unexpected_token, {1, 13}},
        ErrorCase{"(export \"\\ff\" (func 0))", ErrorCode::malformed_utf8, {1, 9}},
        ErrorCase{"(func $\"\\ff\")", ErrorCode::malformed_utf8, {1, 7}},
        ErrorCase{"(func (@custom \"x\"))", ErrorCode::misplaced_annotation, {1, 7}},
        ErrorCase{"(@metadata.code.branch_hint \"\\00\") (func)", ErrorCode::branch_hint_annotation, {1, 1}},
        ErrorCase{"(func (@metadata.code.branch_hint \"\\02\") br_if 0)",
                  ErrorCode::branch_hint_annotation,
                  {1, 7}},
        ErrorCase{"(func (@metadata.code.branch_hint \"\\01\") br 0)", ErrorCode::branch_hint_target, {1, 7}},
        ErrorCase{"(func (@name \"a\") (@name \"b\"))", ErrorCode::name_annotation, {1, 19}},
        ErrorCase{"(func (@name 1))", ErrorCode::name_annotation, {1, 7}}));

TEST(Assembler, AcceptsEveryWayToWriteAModule) {
  for (const std::string_view source :
       {"", "(module)", "(module $m)", " ;; nothing", "(func)",
        "(module binary \"\\00asm\" \"\\01\\00\\00\\00\")", "(module definition $m (func))",
        "(@custom \"a\")", "(module (@name \"\") (@custom \"a\"))"})
    assemble_ok(source);
}

TEST(Assembler, MapsOffsetsBackToTheSource) {
  const std::string_view source = R"((module
  (func $f (param i32) (result i32)
    (i32.add
      (local.get 0)
      (i32.const 1)))
  (global i32 (i32.const 7))
  (export "f" (func $f))))";
  const Assembled assembled = assemble_ok(source);
  const auto module = binary::decode(wasm::ModuleBytes(assembled.bytes), wasm::FeatureSet::wasm3());
  ASSERT_TRUE(module);
  const auto source_at = [&](uint64_t offset) {
    return source.substr(assembled.offsets.source_offset(offset)).substr(0, 9);
  };
  // local.get 0, i32.const 1, i32.add, end: two bytes each, then one.
  const uint32_t code = module->codes[0].expr_offset;
  EXPECT_EQ(source_at(code), "local.get");
  EXPECT_EQ(source_at(code + 1), "local.get");
  EXPECT_EQ(source_at(code + 2), "i32.const");
  EXPECT_EQ(source_at(code + 4), "i32.add\n ");
  EXPECT_EQ(source_at(code + 5), ")\n  (glob");
  EXPECT_EQ(source_at(module->codes[0].body.offset), "(func $f ");
  EXPECT_EQ(source_at(module->globals[0].offset), "(global i");
  EXPECT_EQ(source_at(module->globals[0].init.offset), "i32.const");
  EXPECT_EQ(source_at(module->exports[0].offset), "(export \"");
  EXPECT_EQ(source_at(module->funcs[0].offset), "(func $f ");
  const wasm::Error error = assembled.offsets.to_source({ErrorCode::type_mismatch, code + 4, "x"});
  EXPECT_EQ(line_column(source, error.offset), (LineColumn{3, 6}));
  EXPECT_EQ(OffsetMap().source_offset(5), wasm::no_offset);
  EXPECT_EQ(assembled.offsets.source_offset(wasm::no_offset), wasm::no_offset);
}

TEST(OffsetMap, IsLeftOutOnRequest) {
  const std::string_view source = "(module (func $f (param i32) (i32.add (local.get 0) (i32.const 1)) drop))";
  const auto with = assemble(source, wasm::FeatureSet::all());
  const auto without = assemble(source, wasm::FeatureSet::all(), {.offsets = false});
  ASSERT_TRUE(with && without);
  EXPECT_FALSE(with->offsets.entries().empty());
  EXPECT_TRUE(without->offsets.entries().empty());
  EXPECT_EQ(with->bytes, without->bytes);
}

TEST(Assembler, AppendsImplicitTypesInOrderOfUse) {
  const wasm::Module module = module_of(R"(
    (func $a (param i32))
    (func $b (block (param) (result i32 i32) unreachable) unreachable)
    (type $t (func (result i64)))
    (func $c (result i64) unreachable)
    (rec (type (func (param f32))) (type (func (param f64))))
    (type (sub (func (param f32))))
    (func $d (param f32)))");
  ASSERT_EQ(module.types.size(), 8u);
  EXPECT_EQ(module.funcs[0].type.value, 4u);
  EXPECT_EQ(module.funcs[1].type.value, 5u);  // [] -> []
  EXPECT_EQ(module.funcs[2].type.value, 0u);  // $t
  EXPECT_EQ(module.funcs[3].type.value, 7u);  // neither of a larger group nor not final
  EXPECT_EQ(module.types[6].comp.func.results.size(), 2u);
}

TEST(Assembler, WritesTheNameSection) {
  const wasm::Module module = module_of(R"((module $mod
    (type $t (struct (field $x i32) (field i32) (field $y i32)))
    (import "a" "b" (func $imp (param $p i32)))
    (func $f (@name "other") (param $a i32) (local i64) (local $l (@name "loc") f32)
      (block $b1 (block (block $b2))))
    (table $tab 1 funcref) (memory $mem 1) (global $g i32 (i32.const 0)) (tag $e)
    (elem $el func) (data $d "")))");
  const binary::NameSection names = binary::decode_names(module);
  const auto map = [](const binary::NameMap& entries) {
    std::string text;
    for (const auto& entry : entries)
      text += std::to_string(entry.index) + "=" + std::string(entry.name) + " ";
    return text;
  };
  const auto indirect = [&](const binary::IndirectNameMap& entries) {
    std::string text;
    for (const auto& entry : entries) text += std::to_string(entry.index) + ":" + map(entry.names);
    return text;
  };
  EXPECT_EQ(names.module, "mod");
  EXPECT_EQ(map(names.funcs), "0=imp 1=other ");
  EXPECT_EQ(map(names.types), "0=t ");
  EXPECT_EQ(map(names.tables), "0=tab ");
  EXPECT_EQ(map(names.mems), "0=mem ");
  EXPECT_EQ(map(names.globals), "0=g ");
  EXPECT_EQ(map(names.tags), "0=e ");
  EXPECT_EQ(map(names.elems), "0=el ");
  EXPECT_EQ(map(names.datas), "0=d ");
  EXPECT_EQ(indirect(names.locals), "0:0=p 1:0=a 2=loc ");
  EXPECT_EQ(indirect(names.labels), "1:0=b1 2=b2 ");
  EXPECT_EQ(indirect(names.fields), "0:0=x 2=y ");
}

// The example of the specification's appendix.
TEST(Assembler, PlacesCustomSections) {
  const wasm::Module module = module_of(R"((module
    (@custom "A" "aaa") (type $t (func)) (@custom "B" (after func) "bbb") (@custom "C" (before func) "ccc")
    (@custom "D" (after last) "ddd") (table 10 funcref) (func (type $t)) (@custom "E" (after import) "eee")
    (@custom "F" (before type) "fff") (@custom "G" (after data) "ggg") (@custom "H" (after code) "hhh")
    (@custom "I" (after func) "iii") (@custom "J" (before func) "jjj") (@custom "K" (before first) "kkk")))");
  std::string order;
  uint8_t last = 255;
  for (const wasm::CustomSection& custom : module.customs) {
    if (custom.after_section_id != last) order += " " + std::to_string(custom.after_section_id) + ":";
    last = custom.after_section_id;
    order += custom.name;
  }
  EXPECT_EQ(order, " 0:KF 1:ECJ 3:BI 10:HGnameAD");
}

TEST(Assembler, DataCountStandsOnlyWhereItIsNeeded) {
  EXPECT_FALSE(module_of("(memory 1) (data \"a\") (func)").data_count.has_value());
  EXPECT_EQ(module_of("(memory 1) (data \"a\") (func (data.drop 0))").data_count, 1u);
  EXPECT_EQ(module_of("(data \"a\") (@cloche.data_count)").data_count, 1u);
}

std::string printed(std::string_view source, const PrintOptions& options = {}) {
  const auto text = print(module_of(source), options);
  EXPECT_TRUE(text) << source;
  return text ? *text : std::string();
}

TEST(Printer, WritesPlainAndFolded) {
  const std::string_view source =
      "(func $f (param $x i32) (result i32) (if (result i32) (i32.eqz (local.get $x)) (then (i32.const 1))"
      " (else (i32.const -1))))";
  EXPECT_EQ(printed(source), R"((module
  (type (;0;) (func (param i32) (result i32)))
  (func $f (type 0) (param $x i32) (result i32)
    local.get $x
    i32.eqz
    if (result i32)  ;; label = @1
      i32.const 1
    else
      i32.const -1
    end))
)");
  EXPECT_EQ(printed(source, {.folded = true, .index_comments = false}), R"((module
  (type (func (param i32) (result i32)))
  (func $f (type 0) (param $x i32) (result i32)
    (if (result i32) (;@1;)
      (i32.eqz (local.get $x))
      (then
        (i32.const 1))
      (else
        (i32.const -1)))))
)");
}

TEST(Printer, FoldsOnlyWhatIsExactlyTheOperands) {
  EXPECT_EQ(
      printed(
          "(func (result i32 i32) unreachable) (func call 0 i32.add drop i32.const 1 call 0 drop drop drop)",
          {.folded = true, .index_comments = false}),
      R"((module
  (type (func (result i32 i32)))
  (type (func))
  (func (type 0) (result i32 i32)
    (unreachable))
  (func (type 1)
    (drop (i32.add (call 0)))
    (i32.const 1)
    (call 0)
    (drop)
    (drop)
    (drop)))
)");
}

TEST(Printer, MakesIdentifiersUniqueAndValid) {
  const std::string_view source =
      "(func (@name \"a\")) (func (@name \"a\")) (func (@name \"b c\")) (func (@name \"\")) (func (@name "
      "\"\\\"\\01\"))"
      "(func (@name \"a.1\")) (func (param $p i32) (param (@name \"p\") i32))";
  const std::string text = printed(source);
  EXPECT_NE(text.find("(func $a (type"), std::string::npos) << text;
  EXPECT_NE(text.find("(func $a.1 (@name \"a\")"), std::string::npos) << text;
  EXPECT_NE(text.find("(func $\"b c\" (type"), std::string::npos) << text;
  EXPECT_NE(text.find("(func (;3;) (@name \"\")"), std::string::npos) << text;
  EXPECT_NE(text.find("(func $\"\\\"\\01\" (type"), std::string::npos) << text;
  EXPECT_NE(text.find("(param $p i32) (param $p.1 (@name \"p\") i32)"), std::string::npos) << text;
  EXPECT_EQ(assemble_ok(text).bytes, assemble_ok(source).bytes);
}

TEST(Printer, KeepsSectionsThatAnnotationsCannotSayAsBytes) {
  for (const std::string_view source : {
           "(@custom \"name\" \"\\00\\02\\01a\\01\\04\\01\\63\\01x\") (func)",  // an index that there is not
           "(@custom \"name\" \"garbage\") (func $f)",
           "(@custom \"name\" \"\") (func)",
           "(@custom \"name\" (before first) \"\\00\\02\\01a\") (func)",
           "(@custom \"name\" \"\\00\\02\\01a\") (@custom \"name\" \"\\00\\02\\01b\")",
           "(func) (@custom \"metadata.code.branch_hint\" (before code) \"\\01\\00\\01\\01\\01\\01\")",
           "(func) (@custom \"metadata.code.branch_hint\" (after code) \"\\00\")",
           "(func $f) (@custom \"x\" (after code) \"1\") (@custom \"y\" \"2\")",
       }) {
    const std::string text = printed(source);
    EXPECT_EQ(assemble_ok(text).bytes, assemble_ok(source).bytes) << text;
  }
}

TEST(Printer, StopsAtItsLimit) {
  const auto text =
      print(module_of("(func (local i32 i32 i32 i32)) (data \"0123456789\")"), {.max_bytes = 20});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace cloche::text
