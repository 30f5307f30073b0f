// Hostile shapes: nesting a million deep, within 256 KiB of native stack, and long tokens, in linear time.
#include <gtest/gtest.h>
#include <pthread.h>

#include <string>

#include "binary/decoder.hpp"
#include "text/parser.hpp"
#include "text/printer.hpp"
#include "text/script.hpp"

namespace cloche::text {
namespace {

constexpr size_t million = 1000000;

std::string repeat(std::string_view text, size_t count) {
  std::string result;
  result.reserve(text.size() * count);
  for (size_t i = 0; i < count; ++i) result += text;
  return result;
}

// Runs `work` in a thread with 256 KiB of stack.
template <class Work>
void on_small_stack(Work work) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
  pthread_t thread;
  const auto start = [](void* argument) -> void* {
    (*static_cast<Work*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, start, &work), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

void expect_assembles(const std::string& source) {
  on_small_stack([&] {
    const auto assembled = assemble(source, wasm::FeatureSet::all());
    EXPECT_TRUE(assembled) << assembled.error().message();
  });
}

void expect_error(const std::string& source, wasm::ErrorCode code) {
  on_small_stack([&] {
    const auto assembled = assemble(source, wasm::FeatureSet::all());
    ASSERT_FALSE(assembled);
    EXPECT_EQ(assembled.error().code, code) << assembled.error().message();
  });
}

TEST(Deep, FoldedBlocks) {
  expect_assembles("(func " + repeat("(block ", million) + repeat(")", million) + ")");
}
TEST(Deep, FoldedOperands) {
  expect_assembles("(func " + repeat("(i32.eqz ", million) + "(i32.const 0)" + repeat(")", million) +
                   "drop)");
}
TEST(Deep, FoldedIfs) {
  expect_assembles("(func " + repeat("(if (i32.const 0)(then ", million) + repeat("))", million) + ")");
}
TEST(Deep, FoldedConditions) {
  expect_assembles("(func " + repeat("(if (result i32)", million) + "(i32.const 0)" +
                   repeat("(then))", million) + ")");
}
TEST(Deep, FoldedTries) {
  expect_assembles("(func " + repeat("(try (do ", million) + repeat(") (catch_all))", million) + ")");
}
TEST(Deep, PlainBlocks) {
  expect_assembles("(func " + repeat("block ", million) + repeat("end ", million) + ")");
}
TEST(Deep, NamedBlocksWithBranchesToTheOutermost) {
  expect_assembles("(func block $outer " + repeat("block $inner br $outer ", million / 10) +
                   repeat("end $inner ", million / 10) + "end $outer)");
}
TEST(Deep, Comments) { expect_assembles(repeat("(;", million) + repeat(";)", million) + "(module)"); }
TEST(Deep, Annotations) {
  expect_assembles("(module " + repeat("(@a ", million) + repeat(")", million) + ")");
}
TEST(Deep, AnnotationsInARow) {
  expect_assembles("(module " + repeat("(@custom \"a\")", million / 10) + ")");
}
TEST(Deep, UnclosedParentheses) {
  expect_error(repeat("(", million), wasm::ErrorCode::unexpected_token);
  expect_error("(func " + repeat("(", million), wasm::ErrorCode::unexpected_token);
  expect_error("(func " + repeat("(block ", million), wasm::ErrorCode::unexpected_token);
  expect_error("(func " + repeat("block ", million) + ")", wasm::ErrorCode::unexpected_token);
  expect_error(repeat("(module ", million), wasm::ErrorCode::unexpected_token);
  expect_error("(type " + repeat("(struct ", million), wasm::ErrorCode::unexpected_token);
  expect_error(repeat("(;", million), wasm::ErrorCode::unclosed_comment);
  expect_error("(module " + repeat("(@a ", million), wasm::ErrorCode::unclosed_annotation);
}

TEST(Deep, ConstantExpressions) {
  expect_assembles("(global i32 " + repeat("(i32.add (i32.const 0) ", million) + "(i32.const 0)" +
                   repeat(")", million) + ")");
}

// What has been assembled prints, plain and folded, on a small stack too, and comes back.
TEST(Deep, Printing) {
  for (const std::string& source :
       {"(func " + repeat("(block ", 250000) + repeat(")", 250000) + ")",
        "(func " + repeat("(i32.eqz ", 250000) + "(i32.const 0)" + repeat(")", 250000) + "drop)",
        "(func " + repeat("(if (i32.const 0)(then ", 250000) + repeat("))", 250000) + ")",
        "(func " + repeat("(block $l (br $l) ", 100000) + repeat(")", 100000) + ")"}) {
    on_small_stack([&] {
      const auto assembled = assemble(source, wasm::FeatureSet::all());
      ASSERT_TRUE(assembled);
      const auto module = binary::decode(wasm::ModuleBytes(assembled->bytes), wasm::FeatureSet::all());
      ASSERT_TRUE(module) << module.error().message();
      for (const bool folded : {false, true}) {
        const auto text = print(*module, {.folded = folded, .indent = 0});
        ASSERT_TRUE(text) << text.error().message();
        const auto again = assemble(*text, wasm::FeatureSet::all());
        ASSERT_TRUE(again) << again.error().message();
        EXPECT_TRUE(again->bytes == assembled->bytes);
      }
    });
  }
}

TEST(Deep, ScriptsWithThreads) {
  const std::string source = repeat("(thread $t ", million) + repeat(")", million);
  on_small_stack([&] {
    const auto script = parse_script(source);
    ASSERT_FALSE(script);
    EXPECT_EQ(script.error().code, wasm::ErrorCode::nesting_too_deep);
  });
}

TEST(Deep, ScriptsWithEithers) {
  const std::string source =
      "(assert_return (invoke \"a\") " + repeat("(either ", million) + repeat(")", million) + ")";
  on_small_stack([&] { EXPECT_TRUE(parse_script(source)); });
}

TEST(Long, Tokens) {
  const std::string text(10 * million, 'a');
  expect_assembles("(func $" + text + ") (func (call $" + text + ")) (export \"" + text + "\" (func 0))");
  expect_assembles("(memory 1) (data (i32.const 0) \"" + text + "\")");
  expect_assembles("(memory 1) (data (i32.const 0) \"" + repeat("\\n", 5 * million) + "\")");
  expect_assembles("(@a " + text + " \"" + text + "\") (module)");
  expect_error("(func " + text + ")", wasm::ErrorCode::unknown_operator);
  expect_assembles("(global f64 (f64.const 0." + std::string(million, '1') + "))");
  expect_assembles("(global f64 (f64.const 0x0." + std::string(million, '1') + "))");
  expect_error("(global i32 (i32.const " + std::string(million, '1') + "))",
               wasm::ErrorCode::constant_out_of_range);
}

TEST(Long, ManySmallThings) {
  expect_assembles("(func " + repeat("(local i32)", million / 10) + ")");
  expect_assembles("(type $t (func (param " + repeat("i32 ", 1000) + "))) " +
                   repeat("(func (type $t))", million / 10));
  expect_assembles("(type $t (func (param " + repeat("i32 ", 1000) + "))) (func " +
                   repeat("(block (type $t) unreachable) ", million / 10) + ")");
  expect_assembles("(func (block $l (br_table " + repeat("$l ", million) + "(i32.const 0))))");
  std::string funcs;
  for (size_t i = 0; i < million / 10; ++i)
    funcs += "(func $f" + std::to_string(i) + " (call $f" + std::to_string(million / 10 - 1 - i) + "))";
  expect_assembles(funcs);
}

}  // namespace
}  // namespace cloche::text
