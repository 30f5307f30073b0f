#include "cloche/diagnostics.hpp"

#include "support.hpp"

namespace cloche::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(Diagnostics, OfAGoodModuleAreEmpty) {
  const Engine engine = make_engine();
  const Diagnostics found = diagnose_text(engine, "(module (func))");
  EXPECT_TRUE(found.empty());
  EXPECT_EQ(found.text, "");
  EXPECT_EQ(found.json, "");
  EXPECT_FALSE(found.has_more);
}

TEST(Diagnostics, AreThoseOfTheWholeText) {
  const Engine engine = make_engine();
  const std::string_view text = "(module\n  (func (result i32) (i64.const 1))\n  (func (local.get $x)))";
  const Diagnostics found = diagnose_text(engine, text, {.file_name = "a.wat"});
  ASSERT_EQ(found.list.size(), 2u);

  const Diagnostic& invalid = found.list[0];
  EXPECT_EQ(invalid.kind, ErrorKind::invalid);
  EXPECT_EQ(invalid.code, "type_mismatch");
  EXPECT_EQ(invalid.message, "type mismatch: function must leave [i32] but stack has [i64]");
  ASSERT_TRUE(invalid.span);
  EXPECT_EQ(invalid.span->first.line, 2u);
  EXPECT_EQ(invalid.span->first.column, 35u);
  EXPECT_EQ(text.substr(invalid.span->begin, 1), ")");
  ASSERT_FALSE(invalid.labels.empty());
  EXPECT_EQ(text.substr(invalid.labels[0].span.begin, 11), "i64.const 1");
  EXPECT_THAT(invalid.notes, ElementsAre(HasSubstr("i64  from i64.const at 2:23")));

  EXPECT_EQ(found.list[1].kind, ErrorKind::malformed);
  EXPECT_EQ(found.list[1].message, "unknown local $x");
  EXPECT_THAT(found.text, StartsWith("a.wat:2:35: error: type mismatch"));
  EXPECT_THAT(found.json, HasSubstr("\"code\":\"type_mismatch\""));

  // The same module fails with the first error that stands in the way of assembling it.
  EXPECT_THAT(Module::from_text(engine, text), FailsWith(ErrorKind::malformed, "unknown local $x"));
}

TEST(Diagnostics, HaveEditsThatMend) {
  const Engine engine = make_engine();
  std::string text = "(module (func (result i32) (i32.cnst 1)))";
  const Diagnostics found = diagnose_text(engine, text);
  ASSERT_EQ(found.list.size(), 1u);
  ASSERT_EQ(found.list[0].helps.size(), 1u);
  ASSERT_EQ(found.list[0].helps[0].edits.size(), 1u);
  const DiagnosticEdit& edit = found.list[0].helps[0].edits[0];
  text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
  EXPECT_TRUE(diagnose_text(engine, text).empty()) << text;
}

TEST(Diagnostics, OfABinaryHaveOffsets) {
  const Engine engine = make_engine();
  const std::vector<uint8_t> bytes = {0, 'a', 's', 'm', 1, 0, 0, 0, 77, 0};
  const Diagnostics found = diagnose_binary(engine, bytes, {.file_name = "a.wasm"});
  ASSERT_EQ(found.list.size(), 1u);
  ASSERT_TRUE(found.list[0].span);
  EXPECT_EQ(found.list[0].span->begin, 8u);
  EXPECT_EQ(found.list[0].span->first.line, 0u);
  EXPECT_THAT(found.text, StartsWith("a.wasm:0x8: error: malformed section id: 77"));
}

TEST(Diagnostics, AreNoMoreThanAskedFor) {
  const Engine engine = make_engine();
  const std::string_view text = "(module (func (local.get $x)) (func (local.get $y)))";
  const Diagnostics found = diagnose_text(engine, text, {.max_errors = 1});
  EXPECT_EQ(found.list.size(), 1u);
  EXPECT_TRUE(found.has_more);
}

TEST(Diagnostics, KnowTheEnginesFeatures) {
  Config config;
  ASSERT_TRUE(config.set_feature("simd", false));
  const Diagnostics found = diagnose_text(make_engine(config), "(module (func (param v128)))");
  ASSERT_EQ(found.list.size(), 1u);
  EXPECT_THAT(found.text, HasSubstr("simd"));
  EXPECT_TRUE(diagnose_text(make_engine(), "(module (func (param v128)))").empty());
}

TEST(Diagnostics, OfNothingAreThoseOfAnEmptyModule) {
  const Engine engine = make_engine();
  EXPECT_TRUE(diagnose_text(engine, "").empty());
  EXPECT_FALSE(diagnose_binary(engine, {}).empty());
}

}  // namespace
}  // namespace cloche::test
