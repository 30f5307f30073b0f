// What the symbols of object files call things.
#include "dump/symbol_names.hpp"

#include <gmock/gmock.h>

#include "binary/decoder.hpp"
#include "support.hpp"
#include "text/printer.hpp"

namespace cloche::dump {
namespace {

using testing::add_custom;
using testing::assembled;
using ::testing::HasSubstr;

std::string printed(const std::vector<uint8_t>& bytes, text::PrintStyle style) {
  const auto module = binary::decode(wasm::ModuleBytes(bytes), wasm::FeatureSet::all());
  EXPECT_TRUE(module);
  if (!module) return {};
  const binary::NameSection names = symbol_names(*module);
  text::PrintOptions options;
  options.style = style;
  options.other_names = &names;
  return text::print(*module, options).value_or("?");
}

TEST(SymbolNames, StandWhereTheNameSectionHasNone) {
  std::vector<uint8_t> bytes = assembled(
      "(module (import \"m\" \"f\" (func)) (func) (func) (global i32 (i32.const 0)) (memory 1)"
      "  (data (i32.const 0) \"foo\") (data (i32.const 8) \"bar\"))");
  add_custom(bytes, "name", {1, 4, 1, 1, 1, 'n'});
  add_custom(bytes, "linking", {2, 8,    45, 8,                      // symbols:
                                0, 0x10, 0,                          // the import, undefined
                                0, 0,    1,  1,   's',               // a function that has a name
                                0, 0,    2,  2,   'g', 'o',          // one that has none
                                0, 1,    2,  3,   'a', 'g', 'o',     // the same once more
                                2, 0,    0,  1,   'c',               // the global
                                1, 0,    2,  'i', 'n', 0,   1,   1,  // inside of the first segment
                                1, 0,    1,  'd', 1,   0,   3,       // the second segment
                                1, 0x10, 1,  'e'});                  // data of another module
  const std::string text = printed(bytes, text::PrintStyle::wabt);
  for (const char* part :
       {"(func (;0;)", "(func $n ", "(func $go ", "(global $c i32", "(data (;0;)", "(data $d ("})
    EXPECT_THAT(text, HasSubstr(part));
  const std::string own = printed(bytes, text::PrintStyle::readable);
  EXPECT_THAT(own, HasSubstr("(func $n")) << "this one assembles to the same bytes again, so";
  for (const char* part : {"$go", "$c", "$d"}) EXPECT_EQ(own.find(part), std::string::npos) << own;
}

TEST(SymbolNames, OfADamagedSectionAreThoseInFront) {
  std::vector<uint8_t> bytes = assembled("(module (func) (func))");
  add_custom(bytes, "linking", {2, 8, 11, 2, 0, 0, 1, 1, 'g', 0, 0, 7, 1, 'x'});  // there is no function 7
  const std::string text = printed(bytes, text::PrintStyle::wabt);
  EXPECT_THAT(text, HasSubstr("(func (;0;)"));
  EXPECT_THAT(text, HasSubstr("(func $g "));
}

}  // namespace
}  // namespace cloche::dump
