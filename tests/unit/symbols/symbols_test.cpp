#include "symbols/symbols.hpp"

#include <gtest/gtest.h>

#include "binary/decoder.hpp"

namespace cloche::symbols {
namespace {

/// A module made from text, with its symbols.
struct Assembled {
  explicit Assembled(std::string_view source) {
    const auto features = wasm::FeatureSet::all();
    auto assembled = text::assemble(source, features);
    EXPECT_TRUE(assembled.has_value());
    module = *binary::decode(wasm::ModuleBytes(std::move(assembled->bytes)), features);
    symbols = std::make_unique<Symbols>(module);
    symbols->set_source(
        std::make_shared<const TextSource>("file.wat", source, nullptr, std::move(assembled->offsets)));
  }
  wasm::Module module;
  std::unique_ptr<Symbols> symbols;
};

constexpr std::string_view source = R"((module
  (import "env" "log" (func $log (param i32)))
  (import "env" "other" (func (param i32)))
  (memory (export "memory") 1)
  (global $g (mut i32) (i32.const 0))
  (type $point (struct (field $x i32)))
  (func $named (export "exported") (param $a i32)
    (block $done
      (call $log
        (local.get $a))))
  (func (export "second") (export "later") unreachable)
  (func nop)
  (data $text (i32.const 0) "abc")))";

TEST(Names, ComeFromTheNameSectionExportsAndImports) {
  const Assembled made(source);
  const Names& names = made.symbols->names();
  EXPECT_EQ(names.describe(Space::func, 0), "log");
  EXPECT_EQ(names.describe(Space::func, 1), "env.other");
  EXPECT_EQ(names.find(Space::func, 1).source, NameSource::import);
  EXPECT_EQ(names.describe(Space::func, 2), "named");
  EXPECT_EQ(names.describe(Space::func, 3), "second");
  EXPECT_EQ(names.find(Space::func, 3).source, NameSource::export_);
  EXPECT_EQ(names.describe(Space::func, 4), "function 4");
  EXPECT_TRUE(names.find(Space::func, 4).empty());
  EXPECT_EQ(names.describe(Space::func, 99), "function 99");
  EXPECT_EQ(names.describe(Space::mem, 0), "memory");
  EXPECT_EQ(names.describe(Space::global, 0), "g");
  EXPECT_EQ(names.describe(Space::type, 0), "point");
  EXPECT_EQ(names.describe(Space::data, 0), "text");
  EXPECT_EQ(names.describe(Space::elem, 0), "element segment 0");
  EXPECT_EQ(names.local(2, 0), "a");
  EXPECT_EQ(names.local(2, 1), "");
  EXPECT_EQ(names.label(2, 0), "done");
  EXPECT_EQ(names.field(0, 0), "x");
}

TEST(Names, LeadBackToIndices) {
  const Assembled made(source);
  const Names& names = made.symbols->names();
  EXPECT_EQ(names.find_index(Space::func, "named"), 2u);
  EXPECT_EQ(names.find_index(Space::func, "exported"), 2u);
  EXPECT_EQ(names.find_index(Space::func, "later"), 3u);
  EXPECT_EQ(names.find_index(Space::func, "env.other"), 1u);
  EXPECT_EQ(names.find_index(Space::func, "nobody"), std::nullopt);
  EXPECT_EQ(names.find_index(Space::data, "text"), 0u);
}

TEST(CodeMap, LeadsFromOffsetsToFunctions) {
  const Assembled made(source);
  const auto& codes = made.module.codes;
  const auto at = [&](uint64_t offset) { return func_at(made.module, offset); };
  EXPECT_EQ(at(codes[0].body.offset)->value, 2u);
  EXPECT_EQ(at(codes[0].body.offset + codes[0].body.size - 1)->value, 2u);
  EXPECT_EQ(at(codes[2].expr_offset)->value, 4u);
  EXPECT_FALSE(at(0));
  EXPECT_FALSE(at(codes[0].body.offset - 1));
  EXPECT_FALSE(at(codes[2].body.offset + codes[2].body.size));
  EXPECT_FALSE(at(~uint64_t{0}));
  // The section's contents begin with the count, and each body with its size: one byte each here.
  EXPECT_EQ(code_section_offset(made.module), codes[0].body.offset - 2);
}

TEST(Symbols, FindThePlaceInTheText) {
  const Assembled made(source);
  const uint32_t body = made.module.codes[0].expr_offset;
  // block (2 bytes), local.get (2 bytes), call
  EXPECT_EQ(made.symbols->locate(body)->place, (Place{"file.wat", 8, 6}));
  EXPECT_EQ(made.symbols->locate(body + 2)->place, (Place{"file.wat", 10, 10}));
  EXPECT_EQ(made.symbols->locate(body + 4)->place, (Place{"file.wat", 9, 8}));
  EXPECT_EQ(made.symbols->offsets_of_line("file.wat", 10), std::vector<uint32_t>{body + 2});
  EXPECT_EQ(made.symbols->offsets_of_line("", 9), std::vector<uint32_t>{body + 4});
  EXPECT_TRUE(made.symbols->offsets_of_line("other.wat", 9).empty());
  EXPECT_TRUE(made.symbols->offsets_of_line("", 100).empty());
}

TEST(Symbols, KnowNothingOfABareModule) {
  Assembled made("(module (func))");
  const Symbols bare(made.module);
  EXPECT_FALSE(bare.has_lines());
  EXPECT_FALSE(bare.locate(made.module.codes[0].expr_offset));
  EXPECT_TRUE(bare.offsets_of_line("file.wat", 1).empty());
}

TEST(Place, IsWrittenAsEditorsReadIt) {
  EXPECT_EQ((Place{"a.c", 3, 4}).to_string(), "a.c:3:4");
  EXPECT_EQ((Place{"a.c", 3, 0}).to_string(), "a.c:3");
  EXPECT_EQ((Place{"", 3, 4}).to_string(), "3:4");
  EXPECT_EQ((Place{"a.c", 0, 0}).to_string(), "");
}

}  // namespace
}  // namespace cloche::symbols
