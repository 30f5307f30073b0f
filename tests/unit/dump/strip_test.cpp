// What is left of a module without its custom sections.
#include "dump/strip.hpp"

#include "support.hpp"

namespace cloche::dump {
namespace {

using namespace testing;

TEST(Strip, KeepsWhatIsKeptAndEverythingElse) {
  const std::vector<uint8_t> plain = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 1, 0};
  auto bytes = plain;
  add_custom(bytes, "a", {1, 2});
  auto kept = bytes;
  add_custom(bytes, "b", {3});
  EXPECT_EQ(*strip(bytes, [](std::string_view) { return false; }), plain);
  EXPECT_EQ(*strip(bytes, [](std::string_view) { return true; }), bytes);
  EXPECT_EQ(*strip(bytes, [](std::string_view name) { return name == "a"; }), kept);
}

TEST(Strip, WritesSizesInTheShortestForm) {
  const std::vector<uint8_t> long_size = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 0x81, 0x80, 0, 0};
  const std::vector<uint8_t> short_size = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 1, 0};
  EXPECT_EQ(*strip(long_size, [](std::string_view) { return false; }), short_size);
}

TEST(Strip, RefusesWhatHasNoSections) {
  const auto none = [](std::string_view) { return false; };
  const std::vector<uint8_t> cut = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 0};
  EXPECT_EQ(strip(cut, none).error().code, wasm::ErrorCode::length_out_of_bounds);
  EXPECT_EQ(strip(std::vector<uint8_t>{1, 2, 3, 4}, none).error().code, wasm::ErrorCode::magic_header);
}

TEST(Strip, KnowsWhatOnlyHelpsToDebug) {
  for (const char* name : {"name", ".debug_info", "sourceMappingURL", "producers"})
    EXPECT_TRUE(is_debug_section(name));
  for (const char* name : {"linking", "target_features", "dylink.0", "debug"})
    EXPECT_FALSE(is_debug_section(name));
}

}  // namespace
}  // namespace cloche::dump
