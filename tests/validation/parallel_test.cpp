// Validation by several threads gives what validation by one gives, errors included.
#include "validate/parallel.hpp"

#include <gtest/gtest.h>

#include "binary/decoder.hpp"
#include "text/parser.hpp"
#include "validate/validate.hpp"

namespace cloche::validate {
namespace {

/// A module of many functions; those in `bad` are invalid.
std::shared_ptr<const wasm::Module> make(uint32_t count, const std::vector<uint32_t>& bad,
                                         std::vector<uint8_t>& bytes) {
  std::string text;
  for (uint32_t i = 0; i < count; ++i) {
    const bool is_bad = std::find(bad.begin(), bad.end(), i) != bad.end();
    text += is_bad ? "(func (result i32) (i64.const " : "(func (result i32) (i32.const ";
    text += std::to_string(i) + "))";
  }
  bytes = text::assemble(text, wasm::FeatureSet::wasm3())->bytes;
  return std::make_shared<const wasm::Module>(*binary::decode(
      wasm::ModuleBytes(std::span<const uint8_t>(bytes), nullptr), wasm::FeatureSet::wasm3()));
}

TEST(CheckModule, FindsTheFirstErrorWithAnyNumberOfThreads) {
  for (const std::vector<uint32_t>& bad :
       {std::vector<uint32_t>{}, {0}, {1999}, {700, 900, 1500}, {63, 64, 65}, {1000, 10}}) {
    std::vector<uint8_t> bytes;
    const auto module = make(2000, bad, bytes);
    TypeRegistry registry;
    const auto expected = validate(module, registry);
    ASSERT_EQ(expected.has_value(), bad.empty());
    for (const unsigned threads : {1u, 2u, 3u, 8u, 1000u}) {
      for (int again = 0; again < 5; ++again) {
        const auto result = check_module(module, registry, threads);
        ASSERT_EQ(result.has_value(), expected.has_value());
        if (result) continue;
        EXPECT_EQ(result.error().code, expected.error().code);
        EXPECT_EQ(result.error().offset, expected.error().offset);
        EXPECT_EQ(result.error().detail, expected.error().detail);
      }
    }
  }
}

TEST(CheckModule, SmallModulesAreNotWorthThreads) {
  std::vector<uint8_t> bytes;
  EXPECT_EQ(useful_threads(*make(10, {}, bytes)), 1u);
}

}  // namespace
}  // namespace cloche::validate
