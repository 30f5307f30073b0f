// Every form of command in scripts, and errors at the place of what is wrong.
#include "text/script.hpp"

#include <gtest/gtest.h>

#include "text/source_text.hpp"

namespace cloche::text {
namespace {

using wasm::ErrorCode;
using Kind = ResultPattern::Kind;

Script script_of(std::string_view source) {
  auto script = parse_script(source);
  EXPECT_TRUE(script) << source << ": " << script.error().message();
  return script ? std::move(*script) : Script{};
}

TEST(Script, Modules) {
  const std::string_view source =
      "(module) (module $a (func)) (module definition $b (func (nop (nop)))) (module definition)\n"
      "(module $c binary \"\\00as\" \"m\") (module quote \"(fu\" \"nc)\") (module definition $d quote)\n"
      "(module instance $i $a) (module instance $a) (module instance)";
  const Script script = script_of(source);
  ASSERT_EQ(script.commands.size(), 10u);
  const auto module = [&](size_t i) -> const ScriptModule& { return *script.commands[i].module; };
  const auto text = [&](size_t i) {
    return source.substr(module(i).range.begin, module(i).range.end - module(i).range.begin);
  };
  EXPECT_EQ(text(0), "(module)");
  EXPECT_EQ(text(1), "(module $a (func))");
  EXPECT_EQ(module(1).id, "a");
  EXPECT_EQ(text(2), "(module definition $b (func (nop (nop))))");
  EXPECT_TRUE(module(2).is_definition);
  EXPECT_EQ(module(2).id, "b");
  EXPECT_EQ(text(3), "(module definition)");
  EXPECT_EQ(module(4).form, ModuleForm::binary);
  EXPECT_EQ(module(4).contents, std::string("\0asm", 4));
  EXPECT_EQ(module(5).form, ModuleForm::quote);
  EXPECT_EQ(module(5).contents, "(func)");
  EXPECT_TRUE(module(6).is_definition);
  EXPECT_EQ(script.commands[7].kind, CommandKind::instance);
  EXPECT_EQ(script.commands[7].id, "i");
  EXPECT_EQ(script.commands[7].other, "a");
  EXPECT_EQ(script.commands[8].id, "");
  EXPECT_EQ(script.commands[8].other, "a");
  EXPECT_EQ(line_column(source, script.commands[4].offset), (LineColumn{2, 1}));
  for (const size_t i : {0, 1, 2, 3, 5, 6})
    EXPECT_TRUE(assemble(module(i), source, wasm::FeatureSet::wasm3())) << i;
  EXPECT_EQ(assemble(module(4), source, wasm::FeatureSet::wasm3())->bytes.size(), 4u);
}

TEST(Script, BareFieldsAreOneModule) {
  const Script script = script_of("(func) (memory 0) (func (export \"f\"))");
  ASSERT_EQ(script.commands.size(), 1u);
  EXPECT_EQ(script.commands[0].module->range.end, 37u);
  EXPECT_TRUE(script_of(" ;; nothing\n").commands.empty());
}

TEST(Script, ErrorsInModulesHaveTheirPlaceInTheScript) {
  const std::string_view source = "(module)\n(module\n  (func $f (nope)))";
  const Script script = script_of(source);
  const auto assembled = assemble(*script.commands[1].module, source, wasm::FeatureSet::wasm3());
  ASSERT_FALSE(assembled);
  EXPECT_EQ(assembled.error().code, ErrorCode::unknown_operator);
  EXPECT_EQ(line_column(source, assembled.error().offset), (LineColumn{3, 13}));
}

TEST(Script, ActionsAndArguments) {
  const Script script = script_of(R"((register "m") (register "m\u{41}" $i) (get "g") (get $i "g")
    (invoke $i "f" (i32.const -1) (i64.const 0x10) (f32.const nan:0x1) (f64.const -inf)
      (v128.const i16x8 1 2 3 4 5 6 7 -1) (ref.null func) (ref.null 3) (ref.extern 5) (ref.host 6)))");
  ASSERT_EQ(script.commands.size(), 5u);
  EXPECT_EQ(script.commands[0].name, "m");
  EXPECT_EQ(script.commands[1].name, "mA");
  EXPECT_EQ(script.commands[1].other, "i");
  EXPECT_EQ(script.commands[2].action.kind, Action::Kind::get);
  EXPECT_EQ(script.commands[3].action.module, "i");
  const Action& action = script.commands[4].action;
  EXPECT_EQ(action.name, "f");
  ASSERT_EQ(action.args.size(), 9u);
  EXPECT_EQ(action.args[0].bits, 0xFFFFFFFFu);
  EXPECT_EQ(action.args[1].type, wasm::ValType::i64());
  EXPECT_EQ(action.args[2].bits, 0x7F800001u);
  EXPECT_EQ(action.args[3].bits, 0xFFF0000000000000u);
  EXPECT_EQ(action.args[4].bytes[0], 1u);
  EXPECT_EQ(action.args[4].bytes[15], 0xFFu);
  EXPECT_EQ(action.args[5].heap, wasm::HeapType(wasm::AbsHeap::func));
  EXPECT_EQ(action.args[6].heap.index().value, 3u);
  EXPECT_EQ(action.args[7].kind, ScriptConst::Kind::ref_extern);
  EXPECT_EQ(action.args[8].bits, 6u);
}

TEST(Script, ResultPatterns) {
  const Script script =
      script_of(R"((assert_return (invoke "f") (f32.const nan:canonical) (f64.const nan:arithmetic)
    (i32.const 7) (v128.const f32x4 1 nan:canonical nan:arithmetic -0) (ref.null) (ref.null any) (ref) (ref.func)
    (ref.extern) (ref.extern 1) (ref.host 2) (ref.any) (ref.eq) (ref.i31) (ref.struct) (ref.array) (ref.exn)
    (either (i32.const 1) (either (i32.const 2) (i32.const 3))) (ref.func 0)))");
  const auto& results = script.commands[0].results;
  ASSERT_EQ(results.size(), 19u);
  EXPECT_EQ(results[0].pattern, NumberPattern::nan_canonical);
  EXPECT_EQ(results[1].pattern, NumberPattern::nan_arithmetic);
  EXPECT_EQ(results[2].bits, 7u);
  EXPECT_EQ(results[3].kind, Kind::vector);
  EXPECT_EQ(results[3].lane_patterns[1], NumberPattern::nan_canonical);
  EXPECT_EQ(results[3].lane_patterns[2], NumberPattern::nan_arithmetic);
  EXPECT_EQ(results[3].bytes[15], 0x80u);
  EXPECT_FALSE(results[4].has_heap);
  EXPECT_EQ(results[5].heap, wasm::HeapType(wasm::AbsHeap::any));
  EXPECT_EQ(results[6].kind, Kind::ref);
  EXPECT_FALSE(results[6].has_heap);
  EXPECT_EQ(results[7].heap, wasm::HeapType(wasm::AbsHeap::func));
  EXPECT_FALSE(results[8].has_number);
  EXPECT_TRUE(results[9].has_number);
  EXPECT_EQ(results[10].kind, Kind::ref_host);
  EXPECT_EQ(results[13].heap, wasm::HeapType(wasm::AbsHeap::i31));
  EXPECT_EQ(results[17].kind, Kind::either);
  EXPECT_EQ(results[17].alternatives.size(), 3u);
  EXPECT_EQ(results[18].kind, Kind::ref);
}

TEST(Script, Assertions) {
  const Script script = script_of(R"((assert_exception (invoke "f")) (assert_trap (invoke "f") "a")
    (assert_trap (module) "b") (assert_trap (module instance $i $m) "c") (assert_exhaustion (invoke "f") "d")
    (assert_malformed (module quote "(") "e") (assert_invalid (module) "f") (assert_unlinkable (module) "g")
    (assert_malformed_custom (module quote "") "h") (assert_invalid_custom (module) "i"))");
  const CommandKind kinds[] = {
      CommandKind::assert_exception,     CommandKind::assert_trap,       CommandKind::assert_trap,
      CommandKind::assert_trap,          CommandKind::assert_exhaustion, CommandKind::assert_malformed,
      CommandKind::assert_invalid,       CommandKind::assert_unlinkable, CommandKind::assert_malformed_custom,
      CommandKind::assert_invalid_custom};
  ASSERT_EQ(script.commands.size(), std::size(kinds));
  std::string failures;
  for (size_t i = 0; i < std::size(kinds); ++i) {
    EXPECT_EQ(script.commands[i].kind, kinds[i]);
    failures += script.commands[i].failure;
  }
  EXPECT_EQ(failures, "abcdefghi");
  EXPECT_EQ(script.commands[3].module, nullptr);
  EXPECT_EQ(script.commands[3].other, "m");
}

TEST(Script, Threads) {
  const Script script = script_of(R"((thread $T (shared (module $a) (module $b))
    (register "m" $a) (thread $U (wait $x)) (invoke "f")) (wait $T) (thread $E))");
  ASSERT_EQ(script.commands.size(), 3u);
  const Command& thread = script.commands[0];
  EXPECT_EQ(thread.kind, CommandKind::thread);
  EXPECT_EQ(thread.id, "T");
  EXPECT_EQ(thread.shared, (std::vector<std::string_view>{"a", "b"}));
  ASSERT_EQ(thread.commands.size(), 3u);
  EXPECT_EQ(thread.commands[1].commands[0].kind, CommandKind::wait);
  EXPECT_EQ(script.commands[1].id, "T");
}

TEST(Script, ErrorsHaveCodeAndPlace) {
  struct Case {
    std::string_view source;
    ErrorCode code;
    uint64_t offset;
  };
  const Case cases[] = {
      {"(module) (assert_nothing)", ErrorCode::unknown_operator, 10},
      {"(module) (func)", ErrorCode::unexpected_token, 9},
      {"(module (func)", ErrorCode::unexpected_token, 0},
      {"(module) )", ErrorCode::unexpected_token, 9},
      {"(invoke \"f\" (i32.add))", ErrorCode::unexpected_token, 12},
      {"(invoke \"f\" (i32.const nan))", ErrorCode::unexpected_token, 23},
      {"(invoke \"f\" (f32.const nan:canonical))", ErrorCode::unexpected_token, 23},
      {"(invoke \"f\" (i32.const 4294967296))", ErrorCode::constant_out_of_range, 23},
      {"(invoke f)", ErrorCode::unknown_operator, 8},
      {"(assert_return (module))", ErrorCode::unexpected_token, 15},
      {"(assert_invalid (invoke \"f\") \"x\")", ErrorCode::unexpected_token, 16},
      {"(assert_invalid (module))", ErrorCode::unexpected_token, 24},
      {"(assert_trap (invoke \"f\"))", ErrorCode::unexpected_token, 25},
      {"(thread $T (invoke \"f\")", ErrorCode::unexpected_token, 23},
      {"(assert_return (invoke \"f\") (either (i32.const 1))", ErrorCode::unexpected_token, 50},
      {"\xFF", ErrorCode::malformed_utf8, 0},
      {"(module quote \"a)", ErrorCode::unclosed_string, 14},
  };
  for (const Case& c : cases) {
    const auto script = parse_script(c.source);
    ASSERT_FALSE(script) << c.source;
    EXPECT_EQ(script.error().code, c.code) << c.source << ": " << script.error().message();
    EXPECT_EQ(script.error().offset, c.offset) << c.source;
  }
}

}  // namespace
}  // namespace cloche::text
