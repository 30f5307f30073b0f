// Damaged programs: whatever is wrong can be said, and something is said exactly when the module is not
// valid.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "binary/decoder.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/json.hpp"
#include "diagnostics/render.hpp"
#include "text/parser.hpp"
#include "validate/validate.hpp"

namespace cloche::diagnostics {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view pieces[] = {"(",
                                       ")",
                                       "(func ",
                                       "(result i32)",
                                       "i32.add ",
                                       "i64.const 1 ",
                                       "drop ",
                                       "end ",
                                       "else ",
                                       "block ",
                                       "(if ",
                                       "(then ",
                                       "loop ",
                                       "br_if 0 ",
                                       "br 1 ",
                                       "$x ",
                                       "(param i32)",
                                       "(module ",
                                       "\"",
                                       "(;",
                                       "call 0 ",
                                       "(memory 1)",
                                       "select ",
                                       "return ",
                                       "unreachable ",
                                       "(local $x i64)",
                                       "\xff"};

std::vector<std::string> programs() {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(fs::path(CLOCHE_SOURCE_DIR) / "tests/errors/cases")) {
    if (entry.path().extension() != ".wat") continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// Takes parts away, doubles them, or puts something else between them.
std::string damage(std::string text, std::mt19937& random) {
  const auto below = [&](size_t bound) {
    return bound == 0 ? 0 : std::uniform_int_distribution<size_t>(0, bound - 1)(random);
  };
  for (size_t times = 1 + below(3); times > 0; --times) {
    const size_t at = below(text.size() + 1);
    const size_t size = std::min(text.size() - at, 1 + below(12));
    switch (below(4)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(at, text.substr(at, size));
        break;
      case 2:
        text.insert(at, pieces[below(std::size(pieces))]);
        break;
      default:
        text.resize(at);
    }
  }
  return text;
}

bool is_valid(std::span<const uint8_t> bytes, wasm::FeatureSet features) {
  auto module = binary::decode(wasm::ModuleBytes(bytes, nullptr), features);
  if (!module) return false;
  validate::TypeRegistry registry;
  return validate::validate(std::make_shared<const wasm::Module>(std::move(*module)), registry).has_value();
}

void show(const Report& report, std::string_view source) {
  EXPECT_EQ(render(report, "file", source, {.color = true}).empty(), report.ok());
  EXPECT_EQ(to_json(report, "file", source).empty(), report.ok());
}

TEST(Mutation, OfTextIsExplained) {
  std::mt19937 random(1);
  const CheckOptions options;
  size_t bad = 0;
  const std::vector<std::string> all = programs();
  ASSERT_GT(all.size(), 60u);
  for (const std::string& program : all) {
    for (int i = 0; i < 15; ++i) {
      const std::string text = damage(program, random);
      const Report report = check_text(text, options);
      const auto assembled = text::assemble(text, options.features);
      ASSERT_EQ(report.ok(), assembled && is_valid(assembled->bytes, options.features)) << text;
      show(report, text);
      show(check_script(text, options), text);
      bad += !report.ok();
    }
  }
  EXPECT_GT(bad, 1000u);
}

TEST(Mutation, OfBytesIsExplained) {
  std::mt19937 random(2);
  const CheckOptions options;
  size_t bad = 0;
  for (const std::string& program : programs()) {
    const auto assembled = text::assemble(program, options.features);
    if (!assembled || assembled->bytes.size() <= 8) continue;
    for (int i = 0; i < 20; ++i) {
      std::vector<uint8_t> bytes = assembled->bytes;
      for (int times = 0; times < 3; ++times)
        bytes[8 + random() % (bytes.size() - 8)] = static_cast<uint8_t>(random());
      if (i % 4 == 0) bytes.resize(8 + random() % (bytes.size() - 8));
      const Report report = check_binary(bytes, options);
      ASSERT_EQ(report.ok(), is_valid(bytes, options.features)) << program;
      show(report, {});
      bad += !report.ok();
    }
  }
  EXPECT_GT(bad, 500u);
}

}  // namespace
}  // namespace cloche::diagnostics
