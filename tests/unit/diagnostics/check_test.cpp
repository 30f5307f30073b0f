// What diagnostics say as data; how they read is in tests/errors.
#include "diagnostics/check.hpp"

#include <gtest/gtest.h>

#include "diagnostics/edits.hpp"
#include "diagnostics/json.hpp"
#include "diagnostics/render.hpp"
#include "text/parser.hpp"

namespace cloche::diagnostics {
namespace {

using wasm::ErrorCode;

std::vector<ErrorCode> codes(const Report& report) {
  std::vector<ErrorCode> list;
  for (const Diagnostic& each : report.diagnostics) list.push_back(each.code);
  return list;
}

std::string_view text_at(std::string_view source, Span span) {
  return source.substr(span.begin, span.end - span.begin);
}

TEST(Check, GoodFilesHaveNoDiagnostics) {
  EXPECT_TRUE(check_text("(module (func (result i32) (i32.const 1)))", {}).ok());
  EXPECT_TRUE(check_text("", {}).ok());
  EXPECT_TRUE(
      check_script("(module) (assert_invalid (module (func (result i32))) \"type mismatch\")", {}).ok());
  const auto empty = text::assemble("(module)", wasm::FeatureSet::wasm3());
  EXPECT_TRUE(check_binary(empty->bytes, {}).ok());
}

TEST(Check, FindsEveryErrorInOrder) {
  const std::string_view source = R"((module
    (func (result i32) (i32.cnst 1))
    (func (call $nowhere))
    (func (result i32) (i64.const 1))
    (func (local.set 0 (i32.const 0)))
    (memory 2 1)))";
  EXPECT_EQ(codes(check_text(source, {})),
            (std::vector{ErrorCode::unknown_operator, ErrorCode::unknown_name_func, ErrorCode::type_mismatch,
                         ErrorCode::unknown_local, ErrorCode::limits_order}));
}

TEST(Check, StopsAtTheLimit) {
  std::string source;
  for (int i = 0; i < 50; ++i) source += "(func (result i32) (i64.const 1))\n";
  const Report report = check_text(source, {.max_errors = 7});
  EXPECT_EQ(report.diagnostics.size(), 7u);
  EXPECT_TRUE(report.has_more);
  const Report names = check_text("(func (call $a) (call $b) (call $c))", {.max_errors = 2});
  EXPECT_EQ(names.diagnostics.size(), 2u);
  EXPECT_TRUE(names.has_more);
}

TEST(Check, ExactlyAsManyAsTheLimitAreNotMore) {
  const Report report = check_text("(func (call $a) (call $b))", {.max_errors = 2});
  EXPECT_EQ(report.diagnostics.size(), 2u);
  EXPECT_FALSE(report.has_more);
}

TEST(Check, SeveralErrorsInOneBody) {
  const Report report =
      check_text("(func (drop (i32.add (i32.const 1) (i64.const 1))) (drop (f32.neg (i32.const 1))))", {});
  EXPECT_EQ(codes(report), (std::vector{ErrorCode::type_mismatch, ErrorCode::type_mismatch}));
}

TEST(Check, WhatFollowsFromAnErrorIsNotOne) {
  EXPECT_EQ(check_text("(func (result i32) block i32.add end i32.const 1)", {}).diagnostics.size(), 1u);
  EXPECT_EQ(check_text("(func (result i32) i32.add (i32.const 1) (i32.const 2))", {}).diagnostics.size(), 1u);
}

TEST(Check, TheAdviceForClampMakesItValid) {
  const std::string source = R"((module (func (export "clamp") (param $x i32) (result i32)
  (block $hi (result i32)
    (br_if $hi (i32.lt_s (local.get $x) (i32.const 100))
               (local.get $x))
    (i32.const 100)))))";
  const Report report = check_text(source, {});
  ASSERT_EQ(report.diagnostics.size(), 1u);
  ASSERT_EQ(report.diagnostics[0].helps.size(), 1u);
  const Help& help = report.diagnostics[0].helps[0];
  EXPECT_NE(help.text.find("the value comes first, the condition last"), std::string::npos);
  const std::string mended = apply_edits(source, help.edits);
  EXPECT_TRUE(check_text(mended, {}).ok()) << mended;
}

/// Every edit that is offered for a type error makes the error go away.
TEST(Check, AdviceIsGood) {
  for (const std::string source : {
           "(func (param i32 i64) (result i32) (i32.add (local.get 0) (local.get 1)))",
           "(func (result i32) i32.add (i32.const 1) (i32.const 2))",
           "(memory 1) (func (param i64) (i64.store (local.get 0) (i32.const 8)))",
           "(func (param i32) (result i32) (if (local.get 0) (then (i32.const 1)) (else (i32.const 2))))",
           "(func (result i32) (drop (i32.const 1)))",
           "(func (i32.const 1))",
           "(func (result i32) (local i32) local.set 0 i32.const 5 local.get 0)",
       }) {
    const Report report = check_text(source, {});
    ASSERT_EQ(report.diagnostics.size(), 1u) << source;
    ASSERT_FALSE(report.diagnostics[0].helps.empty()) << source;
    for (const Help& help : report.diagnostics[0].helps) {
      ASSERT_FALSE(help.edits.empty()) << source << help.text;
      EXPECT_TRUE(check_text(apply_edits(source, help.edits), {}).ok()) << source << help.text;
    }
  }
}

TEST(Check, SpansAreThoseOfTheWords) {
  const std::string_view source = "(func (param $a i32) (result i32) (i32.add (local.get $a) (i64.const 1)))";
  const Report report = check_text(source, {});
  ASSERT_EQ(report.diagnostics.size(), 1u);
  EXPECT_EQ(text_at(source, report.diagnostics[0].span), "i32.add");
  ASSERT_EQ(report.diagnostics[0].labels.size(), 2u);
  EXPECT_EQ(text_at(source, report.diagnostics[0].labels[0].span), "local.get $a");
  EXPECT_EQ(text_at(source, report.diagnostics[0].labels[1].span), "i64.const 1");
}

TEST(Check, BinariesAreShownAsInstructions) {
  const auto assembled = text::assemble("(func (result i32) (i64.const 7))", wasm::FeatureSet::wasm3());
  const Report report = check_binary(assembled->bytes, {});
  ASSERT_EQ(report.diagnostics.size(), 1u);
  EXPECT_TRUE(report.is_binary);
  ASSERT_TRUE(report.diagnostics[0].listing);
  EXPECT_EQ(report.diagnostics[0].listing->lines[0].text, "i64.const 7");
  EXPECT_EQ(report.diagnostics[0].listing->lines[0].span.begin, report.diagnostics[0].labels[0].span.begin);
}

TEST(Check, ErrorsOfLinkingHaveTheirPlace) {
  const std::string_view source = "(module\n  (import \"env\" \"log\" (func)))";
  const auto assembled = text::assemble(source, wasm::FeatureSet::wasm3());
  const wasm::Error error{ErrorCode::unknown_import, assembled->offsets.entries()[1].module_offset,
                          "\"env\" \"log\""};
  const std::span bytes(reinterpret_cast<const uint8_t*>(source.data()), source.size());
  const Report report = explain_error("x.wat", bytes, error, {});
  ASSERT_EQ(report.diagnostics.size(), 1u);
  EXPECT_EQ(report.diagnostics[0].code, ErrorCode::unknown_import);
  EXPECT_NE(render(report, "x.wat", source).find("x.wat:2:3: error: unknown import: \"env\" \"log\""),
            std::string::npos);
}

TEST(Json, IsOneObjectPerLine) {
  const std::string_view source = "(func (export \"\\\"\") (call $a))\n(func (call $\"b\\n\"))";
  const std::string json = to_json(check_text(source, {}), "a\"b.wat", source);
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 2);
  EXPECT_NE(json.find(R"("file":"a\"b.wat")"), std::string::npos);
  EXPECT_NE(json.find(R"("code":"unknown_name_func")"), std::string::npos);
  EXPECT_NE(json.find(R"("start":{"offset":26,"line":1,"column":27})"), std::string::npos) << json;
}

TEST(Render, NothingOfTheFileReachesTheTerminal) {
  const std::string_view source = "(func (call $\"\\1b[31m\x1b[31m\"))";
  const std::string text = render(check_text(source, {}), "\x1b[31m.wat", source);
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
}

TEST(Render, ColorsWhenAsked) {
  const std::string_view source = "(func (call $a))";
  EXPECT_NE(render(check_text(source, {}), "a.wat", source, {.color = true}).find("\033[1;31merror:\033[0m"),
            std::string::npos);
}

/// Depth, length and number of errors cost no more than their size.
TEST(Check, HostileText) {
  const std::string deep(200'000, '(');
  EXPECT_FALSE(check_text(deep, {}).ok());
  std::string blocks = "(func ";
  for (int i = 0; i < 100'000; ++i) blocks += "block ";
  EXPECT_FALSE(check_text(blocks + "i32.add)", {}).ok());
  std::string names;
  for (int i = 0; i < 100'000; ++i) names += "(func $f" + std::to_string(i) + ")";
  EXPECT_FALSE(check_text(names + "(func (call $g1) (call $g2) (call $g3))", {}).ok());
  std::string line = "(func ";
  for (int i = 0; i < 20'000; ++i) line += "(i32.const 1)";
  const Report report = check_text(line + ")", {});
  EXPECT_FALSE(report.ok());
  EXPECT_LT(render(report, "a.wat", line).size(), 20'000u);
}

}  // namespace
}  // namespace cloche::diagnostics
