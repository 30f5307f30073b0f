// The operand stack and the source beside instructions.
#include "dump/stack_margin.hpp"

#include <gmock/gmock.h>

#include "binary/decoder.hpp"
#include "support.hpp"

namespace cloche::dump {
namespace {

using namespace testing;
using ::testing::HasSubstr;

/// The margins of a module's first function, one for each line, without the space around them.
std::string margins(std::string_view text, MarginOptions options) {
  const auto bytes = assembled(text);
  validate::TypeRegistry registry;
  auto decoded = binary::decode(wasm::ModuleBytes(bytes, nullptr), wasm::FeatureSet::all());
  auto valid = validate::validate(std::make_shared<const wasm::Module>(std::move(*decoded)), registry);
  if (!valid) return valid.error().message();
  const symbols::Symbols symbols(valid->module());
  StackMargin margin(*valid, symbols, options);
  ListingOptions listed;
  listed.disassemble = true;
  listed.margin = &margin;
  const Index index = index_of(bytes);
  std::string result, lines = listing(index, listed);
  for (size_t at = lines.find("; "); at != std::string::npos; at = lines.find("; ", at + 1))
    result += lines.substr(at + 2, lines.find('\n', at) - at - 1);
  return result;
}

TEST(StackMargin, ShowsWhatEachInstructionLeaves) {
  EXPECT_EQ(margins(R"((func (param i32) (result i32)
      local.get 0  i64.const 1  drop
      if (result i32)  i32.const 1  else  i32.const 2  end
      block  local.get 0  br_if 0  nop  end))",
                    {true, false}),
            "[i32]\n[i32 i64]\n[i32]\n[]\n[i32]\n[]\n[i32]\n[i32]\n"
            "[i32]\n[i32 i32]\n[i32]\n[i32]\n[i32]\n[i32]\n");
}

TEST(StackMargin, UnreachableCodeHasNone) {
  EXPECT_EQ(margins("(func block unreachable i32.const 1 drop end)", {true, false}), "[]\n-\n-\n-\n-\n-\n");
}

TEST(StackMargin, CallsAndBranchesWithOperands) {
  EXPECT_EQ(
      margins(R"((module (func (param f64) (result i32)
      f64.const 1  call $g  drop  drop
      block (result i32 i32) i32.const 1 i32.const 2 i32.const 3 br_if 0 end  drop)
      (func $g (param f64) (result i32 f32) unreachable)))",
              {true, false})
          .substr(0, 200),
      "[f64]\n[i32 f32]\n[i32]\n[]\n[]\n[i32]\n[i32 i32]\n[i32 i32 i32]\n[i32 i32]\n[i32 i32]\n[i32]\n[i32]\n"
      "-\n-\n");
}

}  // namespace
}  // namespace cloche::dump
