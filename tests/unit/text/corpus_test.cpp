// All scripts of the specification's tests: they parse, their modules assemble, and what they call malformed
// is refused with the message they name.
#include <gtest/gtest.h>

#include "binary/decoder.hpp"
#include "binary/encoder.hpp"
#include "corpus.hpp"
#include "text/printer.hpp"
#include "text/script.hpp"
#include "text/source_text.hpp"

namespace cloche::text {
namespace {

std::string place(const CorpusFile& file, const std::string& source, uint64_t offset) {
  const LineColumn at = line_column(source, offset);
  return file.path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

// Calls `visit` with every command, those within threads included.
template <class Visit>
void for_each_command(const std::vector<Command>& commands, const Visit& visit) {
  for (const Command& command : commands) {
    visit(command);
    for_each_command(command.commands, visit);
  }
}

template <class Visit>
void for_each_corpus_command(const Visit& visit) {
  for (const CorpusFile& file : corpus()) {
    const std::string source = read_file(file.path);
    const auto script = parse_script(source);
    ASSERT_TRUE(script) << place(file, source, script.error().offset) << ": " << script.error().message();
    for_each_command(script->commands, [&](const Command& command) { visit(file, source, command); });
  }
}

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    if (corpus().empty()) GTEST_SKIP() << "no specification tests at " CLOCHE_SHARED_DIR "/spec";
  }
};

TEST_F(Corpus, EveryTextModuleAssembles) {
  size_t modules = 0;
  for_each_corpus_command([&](const CorpusFile& file, const std::string& source, const Command& command) {
    if (!command.module || command.module->form == ModuleForm::binary) return;
    if (command.kind == CommandKind::assert_malformed || command.kind == CommandKind::assert_malformed_custom)
      return;
    if (command.kind == CommandKind::assert_invalid_custom) return;
    ++modules;
    const auto assembled = assemble(*command.module, source, file.features);
    if (assembled) return;
    const uint64_t at = command.module->form == ModuleForm::text ? assembled.error().offset : command.offset;
    ADD_FAILURE() << place(file, source, at) << ": " << assembled.error().message();
  });
  EXPECT_GT(modules, 5000u);
}

TEST_F(Corpus, AssembledModulesAreCanonicalBinaries) {
  for_each_corpus_command([&](const CorpusFile& file, const std::string& source, const Command& command) {
    if (!command.module || command.module->form == ModuleForm::binary) return;
    if (command.kind == CommandKind::assert_malformed || command.kind == CommandKind::assert_malformed_custom)
      return;
    const auto assembled = assemble(*command.module, source, file.features);
    if (!assembled) return;
    const auto module = binary::decode(wasm::ModuleBytes(assembled->bytes), file.features);
    if (!module) {
      ADD_FAILURE() << place(file, source, assembled->offsets.source_offset(module.error().offset)) << ": "
                    << module.error().message();
    } else if (binary::encode(*module) != assembled->bytes) {
      ADD_FAILURE() << place(file, source, command.offset) << ": differs when encoded again";
    }
  });
}

// The bytes of the module printed and assembled again; empty with a failure reported when that is not
// possible.
std::vector<uint8_t> print_and_assemble(const CorpusFile& file, const std::string& where,
                                        const std::vector<uint8_t>& bytes, const PrintOptions& options) {
  const auto module = binary::decode(wasm::ModuleBytes(bytes), file.features);
  if (!module) return {};
  const auto printed = print(*module, options);
  if (!printed) {
    // Only what validation refuses too.
    EXPECT_EQ(wasm::error_class(printed.error().code), wasm::ErrorClass::malformed) << where;
    return {};
  }
  auto again = assemble(*printed, file.features);
  if (again) return std::move(again->bytes);
  ADD_FAILURE() << where << ": " << again.error().message() << " at line "
                << line_column(*printed, again.error().offset).line << "\n"
                << printed->substr(0, 2000);
  return {};
}

// The module with its custom sections left out.
std::vector<uint8_t> without_names(const std::vector<uint8_t>& bytes, wasm::FeatureSet features) {
  auto module = binary::decode(wasm::ModuleBytes(bytes), features);
  if (!module) return {};
  module->customs.clear();
  return binary::encode(*module);
}

// Modules in text form come back as the same bytes. Binary ones need not be canonical: they come back so the
// second time.
void expect_round_trips(const PrintOptions& options) {
  for_each_corpus_command([&](const CorpusFile& file, const std::string& source, const Command& command) {
    if (!command.module) return;
    const auto assembled = assemble(*command.module, source, file.features);
    if (!assembled) return;
    const std::string where = place(file, source, command.offset);
    const auto once = print_and_assemble(file, where, assembled->bytes, options);
    if (command.module->form != ModuleForm::binary) {
      EXPECT_TRUE(once == assembled->bytes || once.empty()) << where << " differs";
    } else if (!once.empty()) {
      EXPECT_TRUE(once == print_and_assemble(file, where, once, options))
          << where << " differs the second time";
    }
  });
}

TEST_F(Corpus, PrintedModulesAssembleToTheSameBytes) { expect_round_trips({}); }
TEST_F(Corpus, PrintedModulesAssembleToTheSameBytesWithoutNames) { expect_round_trips({.use_names = false}); }
TEST_F(Corpus, FoldedModulesAssembleToTheSameBytes) { expect_round_trips({.folded = true}); }

// The usual instructions have a way of their own to the text, which must lead to the same text.
TEST_F(Corpus, UsualInstructionsPrintLikeAllOthers) {
  const PrintOptions readable;
  const PrintOptions plain{.use_names = false, .depth_comments = false};
  const PrintOptions wabt{.style = PrintStyle::wabt, .indent = 4};
  const PrintOptions generated{.style = PrintStyle::wabt, .generate_names = true};
  size_t modules = 0;
  for_each_corpus_command([&](const CorpusFile& file, const std::string& source, const Command& command) {
    if (!command.module) return;
    const auto assembled = assemble(*command.module, source, file.features);
    if (!assembled) return;
    const auto module = binary::decode(wasm::ModuleBytes(assembled->bytes), file.features);
    if (!module) return;
    for (PrintOptions options : {readable, plain, wabt, generated}) {
      options.fast_lines = true;
      const auto fast = print(*module, options);
      options.fast_lines = false;
      const auto slow = print(*module, options);
      ASSERT_EQ(fast.has_value(), slow.has_value()) << place(file, source, command.offset);
      if (fast) {
        EXPECT_EQ(*fast, *slow) << place(file, source, command.offset);
      } else {
        EXPECT_EQ(fast.error().offset, slow.error().offset) << place(file, source, command.offset);
      }
    }
    ++modules;
  });
  EXPECT_GT(modules, 5000u);
}

// wabt's spelling leaves custom sections and hints out; all else comes back.
void expect_wabt_round_trips(PrintOptions options) {
  options.style = PrintStyle::wabt;
  options.custom_sections = false;
  size_t modules = 0;
  for_each_corpus_command([&](const CorpusFile& file, const std::string& source, const Command& command) {
    if (!command.module || command.module->form == ModuleForm::binary) return;
    const auto assembled = assemble(*command.module, source, file.features);
    if (!assembled) return;
    const auto module = binary::decode(wasm::ModuleBytes(assembled->bytes), file.features);
    if (!module) return;
    for (const wasm::CustomSection& custom : module->customs)
      if (custom.name != "name") return;
    ++modules;
    const std::string where = place(file, source, command.offset);
    const auto once = print_and_assemble(file, where, assembled->bytes, options);
    const bool kept = options.use_names && !options.generate_names;
    const auto wanted = assemble(*command.module, source, file.features, {.names = kept});
    const auto found = kept ? once : without_names(once, file.features);
    EXPECT_TRUE(once.empty() || found == wanted->bytes) << where << " differs";
  });
  EXPECT_GT(modules, 5000u);
}

TEST_F(Corpus, WabtsSpellingAssemblesToTheSameBytes) { expect_wabt_round_trips({.use_names = false}); }
TEST_F(Corpus, WabtsFoldedSpellingAssemblesToTheSameBytes) {
  expect_wabt_round_trips({.folded = true, .use_names = false});
}
TEST_F(Corpus, WabtsSpellingWithGeneratedNamesAssemblesToTheSameBytes) {
  expect_wabt_round_trips({.folded = true, .generate_names = true, .inline_imports = true});
}

TEST_F(Corpus, MalformedTextIsRefusedWithTheMessageNamed) {
  size_t modules = 0;
  for_each_corpus_command([&](const CorpusFile& file, const std::string& source, const Command& command) {
    if (!command.module || command.module->form == ModuleForm::binary) return;
    if (command.kind != CommandKind::assert_malformed &&
        command.kind != CommandKind::assert_malformed_custom &&
        command.kind != CommandKind::assert_invalid_custom)
      return;
    ++modules;
    const auto assembled = assemble(*command.module, source, file.features);
    const std::string message = assembled ? "assembled" : assembled.error().message();
    EXPECT_TRUE(message.starts_with(command.failure))
        << place(file, source, command.offset) << ": \"" << message << "\" instead of \"" << command.failure
        << "\"";
  });
  EXPECT_GT(modules, 1000u);
}

// Programs as compilers make them, with their names and custom sections. Linkers pad numbers, which text does
// not keep; nothing else may change, so the text of what comes back is the same, and from then on the bytes
// are too.
TEST(Programs, PrintedModulesAssembleToTheSameModule) {
  const auto root = std::filesystem::path(CLOCHE_SHARED_DIR) / "programs";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no programs at " << root;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".wasm") continue;
    const std::string contents = read_file(entry.path());
    const std::vector<uint8_t> bytes(contents.begin(), contents.end());
    const CorpusFile file{entry.path().string(), wasm::FeatureSet::all()};
    for (const bool folded : {false, true}) {
      const PrintOptions options{.folded = folded};
      const auto once = print_and_assemble(file, file.path, bytes, options);
      EXPECT_TRUE(once == print_and_assemble(file, file.path, once, options)) << file.path;
      const auto before = binary::decode(wasm::ModuleBytes(bytes), file.features);
      const auto after = binary::decode(wasm::ModuleBytes(once), file.features);
      ASSERT_TRUE(before && after) << file.path;
      EXPECT_TRUE(*print(*before, options) == *print(*after, options)) << file.path;
    }
  }
}

}  // namespace
}  // namespace cloche::text
