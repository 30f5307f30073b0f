// Every module of the specification's tests that is malformed or invalid: there is a diagnostic, the error
// that assembling or validating ends with is among them, and they can be shown. Every other one has none.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "binary/decoder.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/json.hpp"
#include "diagnostics/render.hpp"
#include "text/script.hpp"
#include "text/source_text.hpp"
#include "validate/validate.hpp"

namespace cloche::diagnostics {
namespace {

namespace fs = std::filesystem;
using wasm::FeatureSet;

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// What the first error of a module is, if it has one.
std::optional<wasm::ErrorCode> first_error(const std::vector<uint8_t>& bytes, FeatureSet features) {
  auto module = binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(bytes), nullptr), features);
  if (!module) return module.error().code;
  validate::TypeRegistry registry;
  const auto valid = validate::validate(std::make_shared<const wasm::Module>(std::move(*module)), registry);
  return valid ? std::nullopt : std::optional(valid.error().code);
}

struct Counts {
  size_t good = 0;
  size_t bad = 0;
};

void check_module(const text::ScriptModule& module, std::string_view source, FeatureSet features,
                  const std::string& place, Counts& counts) {
  const bool is_binary = module.form == text::ModuleForm::binary;
  const std::string text =
      module.form == text::ModuleForm::text
          ? std::string(source.substr(module.range.begin, module.range.end - module.range.begin))
          : module.contents;
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  std::optional<wasm::ErrorCode> expected;
  if (is_binary) {
    expected = first_error(bytes, features);
  } else {
    const auto assembled = text::assemble(text, features);
    expected = assembled ? first_error(assembled->bytes, features) : std::optional(assembled.error().code);
  }
  const CheckOptions options{.features = features};
  const Report report = is_binary ? check_binary(bytes, options) : check_text(text, options);
  EXPECT_EQ(report.ok(), !expected.has_value()) << place;
  ++(expected ? counts.bad : counts.good);
  if (!expected) return;
  const auto is_expected = [&](const Diagnostic& each) { return each.code == *expected; };
  EXPECT_TRUE(std::any_of(report.diagnostics.begin(), report.diagnostics.end(), is_expected))
      << place << "\n"
      << render(report, "file", text);
  EXPECT_FALSE(render(report, "file", text).empty()) << place;
  EXPECT_FALSE(to_json(report, "file", text).empty()) << place;
}

void check_commands(const std::vector<text::Command>& commands, std::string_view source, FeatureSet features,
                    const std::string& path, Counts& counts) {
  for (const text::Command& command : commands) {
    check_commands(command.commands, source, features, path, counts);
    if (!command.module) continue;
    const std::string place = path + ":" + std::to_string(text::line_column(source, command.offset).line);
    check_module(*command.module, source, features, place, counts);
  }
}

TEST(Suite, SaysWhatTheFirstErrorIs) {
  const fs::path root = fs::path(CLOCHE_SHARED_DIR) / "spec";
  if (!fs::exists(root)) GTEST_SKIP() << "no specification tests at " << root;
  Counts counts;
  for (const auto& entry : fs::recursive_directory_iterator(root / "core")) {
    const fs::path& path = entry.path();
    // The scripts of SIMD are many and alike; a few of them do.
    const bool skipped = path.string().find("/simd/") != std::string::npos &&
                         path.filename() != "simd_const.wast" && path.filename() != "simd_lane.wast";
    if (path.extension() != ".wast" || skipped) continue;
    const std::string source = read_file(path);
    const auto script = text::parse_script(source);
    ASSERT_TRUE(script) << path;
    check_commands(script->commands, source, FeatureSet::wasm3(), path.string(), counts);
  }
  EXPECT_GT(counts.good, 1000u);
  EXPECT_GT(counts.bad, 2000u);
}

}  // namespace
}  // namespace cloche::diagnostics
