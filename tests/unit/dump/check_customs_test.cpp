// Custom sections of modules that are otherwise valid.
#include "dump/check_customs.hpp"

#include "binary/decoder.hpp"
#include "support.hpp"

namespace cloche::dump {
namespace {

using testing::add_custom;
using testing::assembled;

std::vector<Problem> problems_of(const std::vector<uint8_t>& bytes) {
  static std::optional<wasm::Module> module;  // what problems point into
  auto decoded = binary::decode(wasm::ModuleBytes(bytes), wasm::FeatureSet::all());
  EXPECT_TRUE(decoded);
  if (!decoded) return {};
  module.emplace(std::move(*decoded));
  return check_customs(*module);
}

TEST(CheckCustoms, FindsWhatIsDamaged) {
  std::vector<uint8_t> bytes = assembled("(module (import \"m\" \"f\" (func)) (func $g))");
  EXPECT_TRUE(problems_of(bytes).empty());
  add_custom(bytes, "unknown", {1, 2, 3});
  EXPECT_TRUE(problems_of(bytes).empty()) << "nobody knows what it should be";
  add_custom(bytes, "target_features", {1, '+', 200});
  const auto problems = problems_of(bytes);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_TRUE(problems[0].is_warning);
  EXPECT_EQ(problems[0].section, "target_features");
}

TEST(CheckCustoms, HoldsIndicesAgainstTheWholeModule) {
  // A function's name: subsection 1, of so many bytes, one name: of function 1, which is there, or 2.
  for (const uint8_t func : {uint8_t{1}, uint8_t{2}}) {
    std::vector<uint8_t> bytes = {0, 'a', 's', 'm', 1, 0, 0, 0};
    add_custom(bytes, "name", {1, 4, 1, func, 1, 'g'});
    const std::vector<uint8_t> rest = assembled("(module (import \"m\" \"f\" (func)) (func))");
    bytes.insert(bytes.end(), rest.begin() + 8, rest.end());
    EXPECT_EQ(problems_of(bytes).size(), func == 1 ? 0u : 1u) << "function " << int{func};
  }
}

}  // namespace
}  // namespace cloche::dump
