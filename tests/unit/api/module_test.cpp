// Engine and Module: the ways to make one, and what it says about itself.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;
using test::World;
using testing::ElementsAre;
using testing::Field;

namespace fs = std::filesystem;

constexpr uint8_t empty_module[] = {0, 'a', 's', 'm', 1, 0, 0, 0};

/// A file in a fresh folder, gone at the end.
class TempFile {
 public:
  TempFile(const std::string& name, std::string_view contents) {
    std::string folder = (fs::temp_directory_path() / "cloche-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    path_ = folder_ / name;
    std::ofstream(path_, std::ios::binary) << contents;
  }
  ~TempFile() { fs::remove_all(folder_); }
  std::string path() const { return path_.string(); }

 private:
  fs::path folder_;
  fs::path path_;
};

TEST(Module, FromBinary) {
  const Engine engine = test::make_engine();
  const auto module = Module::from_binary(engine, empty_module);
  ASSERT_TRUE(module);
  EXPECT_EQ(module->func_count(), 0u);
  EXPECT_TRUE(module->imports().empty());
  EXPECT_TRUE(module->exports().empty());
  EXPECT_EQ(module->name(), "");
}

TEST(Module, MalformedBinaryHasAnOffset) {
  const Engine engine = test::make_engine();
  const uint8_t truncated[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 1};
  const auto module = Module::from_binary(engine, truncated);
  ASSERT_FALSE(module);
  EXPECT_EQ(module.error().kind(), ErrorKind::malformed);
  ASSERT_TRUE(module.error().offset());
  EXPECT_GE(*module.error().offset(), 8u);
  EXPECT_FALSE(module.error().position());
  EXPECT_EQ(module.error().trap(), nullptr);
}

TEST(Module, SyntaxErrorsHaveLineAndColumn) {
  const Engine engine = test::make_engine();
  const auto module = Module::from_text(engine, "(module\n  (func (i32.cnst 1)))");
  ASSERT_FALSE(module);
  EXPECT_EQ(module.error().kind(), ErrorKind::malformed);
  EXPECT_EQ(module.error().message(), "unknown operator i32.cnst");
  ASSERT_TRUE(module.error().position());
  EXPECT_EQ(module.error().position()->line, 2u);
  EXPECT_EQ(module.error().position()->column, 10u);
  EXPECT_FALSE(module.error().offset());
}

TEST(Module, TypeErrorsHaveLineAndColumnAndOffset) {
  const Engine engine = test::make_engine();
  const auto module =
      Module::from_text(engine, "(module\n  (func (result i32)\n    i32.const 1\n    drop\n    f32.abs))");
  ASSERT_FALSE(module);
  EXPECT_EQ(module.error().kind(), ErrorKind::invalid);
  EXPECT_THAT(module.error().message(), testing::StartsWith("type mismatch"));
  ASSERT_TRUE(module.error().position());
  EXPECT_EQ(module.error().position()->line, 5u);
  EXPECT_EQ(module.error().position()->column, 5u);
  EXPECT_TRUE(module.error().offset());
}

TEST(Module, DescribesItsImportsAndExports) {
  World world;
  const Module module = world.module(R"((module $sample
    (import "env" "f" (func (param i32 i64) (result f32)))
    (import "env" "t" (table 1 2 externref))
    (import "env" "m" (memory 1))
    (import "env" "g" (global (mut i32)))
    (import "env" "e" (tag (param i32)))
    (func (export "run") (result v128) (v128.const i32x4 0 0 0 0))
    (table (export "table") i64 3 funcref)
    (memory (export "memory") 1 4 shared)
    (global (export "global") f64 (f64.const 1))
    (tag (export "tag") (param f32 f32))))");
  EXPECT_EQ(module.name(), "sample");
  EXPECT_EQ(module.func_count(), 2u);
  EXPECT_EQ(module.imported_func_count(), 1u);
  std::vector<std::string> lines;
  for (const ImportInfo& import : module.imports())
    lines.push_back(import.module + "." + import.name + " " + std::to_string(static_cast<int>(import.kind)) +
                    " " + import.type);
  EXPECT_THAT(lines, ElementsAre("env.f 0 [i32 i64] -> [f32]", "env.t 1 1 2 externref", "env.m 2 1",
                                 "env.g 3 (mut i32)", "env.e 4 [i32]"));
  lines.clear();
  for (const ExportInfo& item : module.exports())
    lines.push_back(item.name + " " + std::to_string(static_cast<int>(item.kind)) + " " + item.type);
  EXPECT_THAT(lines, ElementsAre("run 0 [] -> [v128]", "table 1 i64 3 funcref", "memory 2 1 4 shared",
                                 "global 3 f64", "tag 4 [f32 f32]"));
}

TEST(Module, FromFileTakesTextAndBinary) {
  const Engine engine = test::make_engine();
  const TempFile text("any.name", "(module (func))");
  const auto from_text = Module::from_file(engine, text.path());
  ASSERT_TRUE(from_text);
  EXPECT_EQ(from_text->func_count(), 1u);
  const TempFile binary("other.name", {reinterpret_cast<const char*>(empty_module), sizeof empty_module});
  EXPECT_TRUE(Module::from_file(engine, binary.path()));
}

TEST(Module, FromFileGoesByTheNameOfDamagedFiles) {
  const Engine engine = test::make_engine();
  const TempFile file("broken.wasm", "(module)");
  EXPECT_THAT(Module::from_file(engine, file.path()),
              FailsWith(ErrorKind::malformed, "magic header not detected"));
}

TEST(Module, UnreadableFilesAreErrorsOfTheirOwnKind) {
  const Engine engine = test::make_engine();
  EXPECT_THAT(Module::from_file(engine, "/nonexistent/file.wat"),
              FailsWith(ErrorKind::io, "cannot read the file: No such file"));
  EXPECT_THAT(Module::from_file(engine, "/"), FailsWith(ErrorKind::io, "cannot read the file"));
}

TEST(Module, OutlivesEverythingItWasMadeWith) {
  std::optional<Module> module;
  {
    std::vector<uint8_t> bytes(std::begin(empty_module), std::end(empty_module));
    module = *Module::from_binary(test::make_engine(), bytes);
    bytes.assign(bytes.size(), 0xFF);
  }
  EXPECT_EQ(module->func_count(), 0u);
}

TEST(Module, LimitsAreErrorsOfTheirOwnKind) {
  const Engine engine = test::make_engine();
  std::string text = "(module";
  for (int i = 0; i <= 100; ++i) text += "(memory 0)";
  EXPECT_THAT(Module::from_text(engine, text + ")"), FailsWith(ErrorKind::limit, "limit exceeded"));
}

}  // namespace
}  // namespace cloche
