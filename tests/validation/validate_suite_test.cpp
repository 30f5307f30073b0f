// Validates every module of the specification's tests that should be valid, and sees that every other is
// refused for the reason that the test names. Nothing runs here.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "binary/decoder.hpp"
#include "text/script.hpp"
#include "text/source_text.hpp"
#include "validate/validate.hpp"

namespace cloche {
namespace {

using text::Command;
using text::CommandKind;
using text::ModuleForm;
using wasm::Feature;
using wasm::FeatureSet;
namespace fs = std::filesystem;

struct Suite {
  const char* folder;
  FeatureSet features;
};

void PrintTo(const Suite& suite, std::ostream* out) { *out << suite.folder; }

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ValidateSuite : public testing::TestWithParam<Suite> {
 protected:
  wasm::Result<validate::ValidatedModule> load(const text::ScriptModule& module, std::string_view source) {
    text::Assembled assembled = TRY(text::assemble(module, source, GetParam().features));
    wasm::Module decoded =
        TRY(binary::decode(wasm::ModuleBytes(std::move(assembled.bytes)), GetParam().features));
    return validate::validate(std::make_shared<const wasm::Module>(std::move(decoded)), registry_);
  }

  void check(const Command& command, std::string_view source, const std::string& file) {
    for (const Command& inner : command.commands) check(inner, source, file);
    if (!command.module) return;
    const std::string place = file + ":" + std::to_string(text::line_column(source, command.offset).line);
    const auto result = load(*command.module, source);
    const bool refused =
        command.kind == CommandKind::assert_invalid || command.kind == CommandKind::assert_malformed;
    ++modules_;
    if (!refused) {
      EXPECT_TRUE(result) << place << ": " << (result ? "" : result.error().message()) << " at "
                          << (result ? 0 : result.error().offset);
      return;
    }
    EXPECT_FALSE(result) << place << ": accepted, expected: " << command.failure;
    const bool is_message_ours =
        command.kind == CommandKind::assert_invalid ||
        (command.kind == CommandKind::assert_malformed && command.module->form == ModuleForm::binary);
    if (result || !is_message_ours) return;
    EXPECT_TRUE(result.error().message().starts_with(command.failure))
        << place << ": " << result.error().message() << ", expected: " << command.failure;
  }

  void run_file(const fs::path& path) {
    const std::string source = read_file(path);
    const auto script = text::parse_script(source);
    ASSERT_TRUE(script) << path << ": " << script.error().message();
    for (const Command& command : script->commands) {
      if (command.kind == CommandKind::assert_malformed_custom ||
          command.kind == CommandKind::assert_invalid_custom)
        continue;  // custom sections are not validation's concern
      check(command, source, path.filename().string());
    }
  }

  validate::TypeRegistry registry_;
  size_t modules_ = 0;
};

TEST_P(ValidateSuite, accepts_and_refuses_what_it_should) {
  const fs::path folder = fs::path(CLOCHE_SHARED_DIR) / "spec" / GetParam().folder;
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is absent";
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".wast") files.push_back(entry.path());
  std::ranges::sort(files);
  for (const fs::path& file : files) run_file(file);
  EXPECT_GT(modules_, 0u);
  RecordProperty("modules", static_cast<int>(modules_));
}

constexpr FeatureSet core = FeatureSet::wasm3();
INSTANTIATE_TEST_SUITE_P(
    Spec, ValidateSuite,
    testing::Values(Suite{"core", core}, Suite{"custom", core},
                    Suite{"legacy", core.with(Feature::legacy_exceptions)},
                    Suite{"proposals/threads", core.with(Feature::threads)},
                    Suite{"proposals/custom-page-sizes", core.with(Feature::custom_page_sizes)},
                    Suite{"proposals/wide-arithmetic", core.with(Feature::wide_arithmetic)}),
    [](const auto& suite) {
      std::string name = suite.param.folder;
      std::ranges::replace_if(name, [](char c) { return c == '/' || c == '-'; }, '_');
      return name;
    });

}  // namespace
}  // namespace cloche
