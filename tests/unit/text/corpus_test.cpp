// All scripts of the specification's tests: they parse, their modules assemble, and what they call malformed
// is refused with the message they name.
#include <gtest/gtest.h>

#include "binary/decoder.hpp"
#include "binary/encoder.hpp"
#include "corpus.hpp"
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

}  // namespace
}  // namespace cloche::text
