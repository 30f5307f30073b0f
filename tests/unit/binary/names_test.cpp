// The name section and branch hints, both ways, and what remains of damaged ones.
#include "binary/names.hpp"

#include <gtest/gtest.h>

#include "binary/decoder.hpp"
#include "module_builder.hpp"

namespace cloche::binary {
namespace {

using namespace testing;

wasm::Module with_custom(std::string_view section_name, const Bytes& contents) {
  return *decode(wasm::ModuleBytes(module(custom(section_name, contents))), wasm::FeatureSet::wasm3());
}

TEST(Names, AllSubsectionsRoundTrip) {
  NameSection names;
  names.module = "m";
  const auto map = [](std::string_view text) { return NameMap{{0, text}, {7, "other"}}; };
  names.funcs = map("func");
  names.types = map("type");
  names.tables = map("table");
  names.mems = map("memory");
  names.globals = map("global");
  names.elems = map("elem");
  names.datas = map("data");
  names.tags = map("tag");
  names.locals = {{0, map("local")}, {3, map("local of 3")}};
  names.labels = {{1, map("label")}};
  names.fields = {{2, map("field")}};
  const Bytes contents = encode_names(names);
  const wasm::Module module = with_custom("name", contents);
  const NameSection read = decode_names(module);
  EXPECT_TRUE(read.problems.empty());
  EXPECT_FALSE(read.empty());
  EXPECT_EQ(read.module, "m");
  EXPECT_EQ(find_name(read.funcs, 0), "func");
  EXPECT_EQ(find_name(read.types, 0), "type");
  EXPECT_EQ(find_name(read.tables, 0), "table");
  EXPECT_EQ(find_name(read.mems, 0), "memory");
  EXPECT_EQ(find_name(read.globals, 0), "global");
  EXPECT_EQ(find_name(read.elems, 0), "elem");
  EXPECT_EQ(find_name(read.datas, 0), "data");
  EXPECT_EQ(find_name(read.tags, 7), "other");
  EXPECT_EQ(find_name(read.tags, 6), std::nullopt);
  ASSERT_NE(find_names(read.locals, 3), nullptr);
  EXPECT_EQ(find_name(*find_names(read.locals, 3), 0), "local of 3");
  EXPECT_EQ(find_names(read.locals, 1), nullptr);
  EXPECT_EQ(find_name(*find_names(read.labels, 1), 0), "label");
  EXPECT_EQ(find_name(*find_names(read.fields, 2), 0), "field");
  EXPECT_EQ(encode_names(read), contents);
}

TEST(Names, NothingIsEmpty) {
  EXPECT_TRUE(decode_names(wasm::Module()).empty());
  EXPECT_EQ(encode_names(NameSection()), Bytes());
}

TEST(Names, DamagedPartsAreDroppedAndTold) {
  const Bytes good = bytes(7, sized(vec(bytes(0, name("global")))));
  const struct {
    const char* what;
    Bytes contents;
    ErrorCode error;
    uint64_t offset;  // contents begin at 15
  } cases[] = {
      {"a name that is not UTF-8", bytes(1, sized(vec(bytes(0, 1, 0xFF))), good), ErrorCode::malformed_utf8,
       20},
      {"a map that ends early", bytes(1, sized(2, bytes(0, name("f"))), good),
       ErrorCode::unexpected_end_of_section, 21},
      {"a count beyond the subsection", bytes(1, sized(9), good), ErrorCode::length_out_of_bounds, 17},
      {"a subsection beyond the section", bytes(good, 1, 2), ErrorCode::length_out_of_bounds, 27},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const wasm::Module module = with_custom("name", c.contents);
    const NameSection names = decode_names(module);
    EXPECT_TRUE(names.funcs.empty());
    EXPECT_EQ(find_name(names.globals, 0), "global");
    ASSERT_EQ(names.problems.size(), 1u);
    EXPECT_EQ(names.problems[0].code, c.error) << names.problems[0].message();
    EXPECT_EQ(names.problems[0].offset, c.offset);
  }
}

TEST(Names, UnknownSubsectionsAreSkippedAndUnsortedMapsSorted) {
  const wasm::Module module = with_custom(
      "name", bytes(99, sized(1, 2, 3), 1, sized(vec(bytes(5, name("five")), bytes(2, name("two"))))));
  const NameSection names = decode_names(module);
  EXPECT_TRUE(names.problems.empty());
  EXPECT_EQ(find_name(names.funcs, 2), "two");
  EXPECT_EQ(find_name(names.funcs, 5), "five");
}

TEST(BranchHints, RoundTrip) {
  const std::vector<FuncBranchHints> hints = {{0, {{3, true}, {300, false}}}, {2, {{5, false}}}};
  const Bytes contents = encode_branch_hints(hints);
  const wasm::Module module = with_custom("metadata.code.branch_hint", contents);
  const auto read = decode_branch_hints(module, module.customs[0]);
  ASSERT_TRUE(read.has_value()) << read.error().message();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].hints[1].offset, 300u);
  EXPECT_FALSE((*read)[0].hints[1].likely);
  EXPECT_EQ(encode_branch_hints(*read), contents);
}

TEST(BranchHints, RefusesMalformedOnes) {
  const auto error_of = [](const Bytes& contents) {
    const wasm::Module module = with_custom("metadata.code.branch_hint", contents);
    const auto read = decode_branch_hints(module, module.customs[0]);
    EXPECT_FALSE(read.has_value());
    return read ? ErrorCode::magic_header : read.error().code;
  };
  EXPECT_EQ(error_of(vec(bytes(0, vec(bytes(3, 2, 1))))), ErrorCode::branch_hint_annotation) << "size";
  EXPECT_EQ(error_of(vec(bytes(0, vec(bytes(3, 1, 2))))), ErrorCode::branch_hint_annotation) << "value";
  EXPECT_EQ(error_of(vec(bytes(0, vec(bytes(3, 1))))), ErrorCode::unexpected_end_of_section);
  EXPECT_EQ(error_of(bytes(vec(bytes(0, 0)), 0)), ErrorCode::section_size_mismatch)
      << "bytes behind the hints";
}

}  // namespace
}  // namespace cloche::binary
