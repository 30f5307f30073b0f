// Bodies made to be slow. The limits are an order of magnitude above what the work needs, and far below what
// quadratic work would.
#include <gtest/gtest.h>

#include <chrono>

#include "base/leb128.hpp"
#include "wat.hpp"

namespace cloche {
namespace {

using Code = std::vector<uint8_t>;

void append(Code& out, std::initializer_list<uint8_t> bytes) { out.insert(out.end(), bytes); }

void section(Code& out, uint8_t id, const Code& contents) {
  out.push_back(id);
  base::append_leb(out, static_cast<uint32_t>(contents.size()));
  out.insert(out.end(), contents.begin(), contents.end());
}

/// A module of one function [] -> [], with these bytes for its body, and a type 1 with `params` i32 in and
/// out.
Code module_of(const Code& body, uint32_t params = 0) {
  Code out = {0, 'a', 's', 'm', 1, 0, 0, 0};
  Code types = {2, 0x60, 0, 0, 0x60};
  for (int side = 0; side < 2; ++side) {
    base::append_leb(types, params);
    types.insert(types.end(), params, 0x7F);
  }
  section(out, 1, types);
  section(out, 3, {1, 0});
  Code codes = {1};
  base::append_leb(codes, static_cast<uint32_t>(body.size()));
  codes.insert(codes.end(), body.begin(), body.end());
  section(out, 10, codes);
  return out;
}

/// Seconds to validate; the module must be valid.
double seconds_of(Code bytes) {
  auto module = binary::decode(wasm::ModuleBytes(std::move(bytes)), wasm::FeatureSet::wasm3());
  EXPECT_TRUE(module) << module.error().message();
  if (!module) return 0;
  validate::TypeRegistry registry;
  const auto start = std::chrono::steady_clock::now();
  const auto result = validate::validate(std::make_shared<const wasm::Module>(std::move(*module)), registry);
  EXPECT_TRUE(result) << result.error().message();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

constexpr double patience = 20;  // seconds; these take well under one in a release build

TEST(WorstCase, a_million_nested_blocks) {
  Code body = {0};
  for (int i = 0; i < 1000000; ++i) append(body, {0x02, 0x40});
  body.insert(body.end(), 1000001, 0x0B);
  EXPECT_LT(seconds_of(module_of(body)), patience);
}

TEST(WorstCase, a_million_labels_in_one_table) {
  Code body = {0, 0x41, 0, 0x0E};
  base::append_leb(body, uint32_t{1000000});
  body.insert(body.end(), 1000001, 0);
  body.push_back(0x0B);
  EXPECT_LT(seconds_of(module_of(body)), patience);
}

TEST(WorstCase, blocks_of_a_thousand_parameters) {
  Code body = {0};
  for (int i = 0; i < 1000; ++i) append(body, {0x41, 0});
  for (int i = 0; i < 100000; ++i) append(body, {0x02, 1, 0x0B});
  body.insert(body.end(), 1000, 0x1A);
  body.push_back(0x0B);
  EXPECT_LT(seconds_of(module_of(body, 1000)), patience);
}

TEST(WorstCase, many_locals_and_many_blocks) {
  Code body = {1};
  base::append_leb(body, uint32_t{50000});
  append(body, {0x64, 0x70});  // (ref func), so that each is unset
  for (int i = 0; i < 500000; ++i) append(body, {0x02, 0x40, 0x0B});
  body.push_back(0x0B);
  EXPECT_LT(seconds_of(module_of(body)), patience);
}

/// Each of 100,000 bodies of eight bytes declares 50,000 locals, and reads the last.
TEST(WorstCase, many_locals_in_many_functions) {
  constexpr uint32_t count = 100000;
  Code bytes = {0, 'a', 's', 'm', 1, 0, 0, 0};
  section(bytes, 1, {1, 0x60, 0, 0});
  Code funcs, codes;
  base::append_leb(funcs, count);
  base::append_leb(codes, count);
  for (uint32_t i = 0; i < count; ++i) {
    funcs.push_back(0);
    append(codes, {11, 1, 0xD0, 0x86, 0x03, 0x7F, 0x20, 0xCF, 0x86, 0x03, 0x1A, 0x0B});
  }
  section(bytes, 3, funcs);
  section(bytes, 10, codes);
  EXPECT_LT(seconds_of(std::move(bytes)), patience);
}

/// Results that nobody takes: a call of two bytes leaves a thousand operands.
TEST(WorstCase, more_operands_than_anybody_needs_are_an_error) {
  Code body = {0, 0x00};
  for (int i = 0; i < 20000; ++i) append(body, {0x02, 2, 0x00, 0x0B});
  body.push_back(0x0B);
  Code types = {3, 0x60, 0, 0, 0x60, 0, 0, 0x60, 0};
  base::append_leb(types, uint32_t{1000});
  types.insert(types.end(), 1000, 0x7F);
  Code bytes = {0, 'a', 's', 'm', 1, 0, 0, 0};
  section(bytes, 1, types);
  section(bytes, 3, {1, 0});
  Code codes = {1};
  base::append_leb(codes, static_cast<uint32_t>(body.size()));
  codes.insert(codes.end(), body.begin(), body.end());
  section(bytes, 10, codes);
  auto module = binary::decode(wasm::ModuleBytes(std::move(bytes)), wasm::FeatureSet::wasm3());
  ASSERT_TRUE(module);
  validate::TypeRegistry registry;
  const auto result = validate::validate(std::make_shared<const wasm::Module>(std::move(*module)), registry);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, wasm::ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace cloche
