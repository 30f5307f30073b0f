// Custom sections of the tool conventions, right and wrong.
#include "dump/custom.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace cloche::dump {
namespace {

using namespace testing;
using ::testing::HasSubstr;

const std::vector<uint8_t> empty_module = {0, 'a', 's', 'm', 1, 0, 0, 0};

/// What is wrong with a section in a module of two functions; "" for nothing.
std::string problem(std::string_view name, const std::vector<uint8_t>& contents) {
  CustomVisitor visitor;
  const auto read = read_custom(name, binary::Reader(contents), {2, 0, 0, 0, 1, 3}, visitor);
  return read ? "" : read.error().message();
}

std::string details_of(std::string_view name, const std::vector<uint8_t>& contents) {
  auto bytes = empty_module;
  add_custom(bytes, name, contents);
  ListingOptions options;
  options.details = true;
  return listing(index_of(bytes), options);
}

TEST(Custom, ListsDynamicLinking) {
  const std::string text = details_of("dylink.0", {1, 4, 5, 1, 3,   2, 2, 7, 1, 5, 'a', '.', 's', 'o', 'x',
                                                   3, 4, 1, 1, 'e', 0, 4, 6, 1, 1, 'm', 1,   'f', 1});
  EXPECT_THAT(
      text,
      HasSubstr(" - mem_size     : 5\n - mem_p2align  : 1\n - table_size   : 3\n - table_p2align: 2\n"));
  EXPECT_THAT(text, HasSubstr(" - needed_dynlibs[1]:\n  - a.sox\n"));
  EXPECT_THAT(text, HasSubstr(" - exports[1]:\n  - e [ binding=global vis=default ]\n"));
  EXPECT_THAT(text, HasSubstr(" - imports[1]:\n  - m.f [ binding=weak vis=default ]\n"));
}

TEST(Custom, ListsTargetFeatures) {
  EXPECT_THAT(details_of("target_features", {1, '+', 4, 's', 'i', 'm', 'd'}), HasSubstr("  - [+] simd\n"));
}

TEST(Custom, ListsSegmentsAndComdats) {
  const std::string text = details_of("linking", {2, 5, 5, 1, 1, 'd', 2, 9, 7, 7, 1, 1, 'c', 0, 1, 0, 3});
  EXPECT_THAT(text,
              HasSubstr("  - segment info [count=1]\n   - 0: d p2align=2 [ STRINGS unknown_flags=0x8 ]\n"));
  EXPECT_THAT(text, HasSubstr("  - comdat groups [count=1]\n   - c: [count=1]\n    - segment[3]\n"));
}

TEST(Custom, AcceptsWhatItDoesNotKnow) {
  EXPECT_EQ(problem("anything", {0xFF, 0xFF}), "");
  EXPECT_EQ(problem("name", {200, 1, 2, 1, 2}), "");  // a subsection of a later version
  EXPECT_EQ(problem("linking", {2, 99, 1, 0}), "");
}

TEST(Custom, SaysWhatIsMalformed) {
  EXPECT_EQ(problem("name", {1, 5, 1, 9, 1, 'f', 0}), "malformed custom section: there is no function 9");
  EXPECT_EQ(problem("name", {1, 7, 2, 1, 1, 'f', 0, 1, 'g'}),
            "malformed custom section: index 0 out of order");
  EXPECT_EQ(problem("name", {1, 7, 2, 1, 1, 'f', 1, 1, 'g'}), "malformed custom section: duplicate index 1");
  EXPECT_EQ(problem("name", {1, 1, 0, 1, 1, 0}), "malformed custom section: duplicate subsection 1");
  EXPECT_EQ(problem("name", {1, 99}), "malformed custom section: subsection extends past the end");
  EXPECT_EQ(problem("name", {1, 2, 0, 0}), "malformed custom section: subsection has bytes left over");
  EXPECT_EQ(problem("linking", {1}), "malformed custom section: linking version 1");
  EXPECT_EQ(problem("linking", {2, 8, 3, 1, 9, 0}), "malformed custom section: symbol of unknown kind 9");
  EXPECT_EQ(problem("linking", {2, 8, 6, 1, 0, 0, 9, 1, 'f'}),
            "malformed custom section: there is no function 9");
  EXPECT_EQ(problem("reloc.X", {3, 0}),
            "malformed custom section: relocations of section 3, which is not there");
  EXPECT_EQ(problem("reloc.X", {0, 1, 99, 0, 0}), "malformed custom section: relocation of unknown type 99");
  EXPECT_EQ(problem("metadata.code.x", {1, 0, 0}),
            "malformed custom section: metadata of the imported function 0");
  EXPECT_EQ(problem("metadata.code.x", {1, 1, 2, 5, 0, 4, 0}),
            "malformed custom section: code offset 4 out of order");
  EXPECT_EQ(problem("target_features", {0, 1}), "malformed custom section: bytes left over");
}

TEST(Custom, AHugeCountIsRefusedAtOnce) {
  EXPECT_THAT(problem("linking", {2, 8, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}), HasSubstr("length out of bounds"));
  EXPECT_THAT(problem("name", {1, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}), HasSubstr("length out of bounds"));
}

TEST(Custom, ProblemsAreWarnings) {
  auto bytes = empty_module;
  add_custom(bytes, "linking", {1});
  const Index index = index_of(bytes);
  ASSERT_EQ(index.problems.size(), 1u);
  EXPECT_TRUE(index.problems[0].is_warning);
  EXPECT_EQ(index.problems[0].section, "linking");
}

}  // namespace
}  // namespace cloche::dump
