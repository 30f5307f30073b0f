// The specification's binary modules: what must be malformed is, for the reason its test names; the rest
// decodes.
#include "script_binaries.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "binary/decoder.hpp"
#include "binary/encoder.hpp"
#include "binary/instr_reader.hpp"

namespace cloche::binary {
namespace {

namespace fs = std::filesystem;
using wasm::Feature;
using wasm::FeatureSet;

/// What decoding leaves to the pass over function bodies, as far as it is a matter of bytes.
Result<void> check_bodies(const wasm::Module& module) {
  for (const wasm::Code& code : module.codes) {
    const uint32_t end = code.body.offset + code.body.size;
    TRY(check_body(module, code));
    InstrReader instrs(module, {code.expr_offset, end - code.expr_offset});
    while (!instrs.at_end()) {
      const Instr instr = TRY(instrs.next());
      const wasm::Imm immediate = wasm::op_info(instr.op).immediate;
      const bool data = immediate == wasm::Imm::data || immediate == wasm::Imm::data_memory ||
                        immediate == wasm::Imm::type_data;
      if (data && !module.data_count) return fail(ErrorCode::data_count_required, instr.offset);
    }
  }
  return {};
}

Result<wasm::Module> decode_all(const std::vector<uint8_t>& bytes, FeatureSet features) {
  wasm::Module module = TRY(decode(wasm::ModuleBytes(bytes), features));
  TRY(check_bodies(module));
  return module;
}

struct Folder {
  std::string path;
  FeatureSet features;
};

class ScriptBinaries : public ::testing::TestWithParam<Folder> {
 protected:
  template <class Check>
  void for_each_binary(Check check) {
    const fs::path folder = fs::path(CLOCHE_SHARED_DIR) / "spec" / GetParam().path;
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not here";
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".wast") continue;
      std::ostringstream script;
      script << std::ifstream(entry.path()).rdbuf();
      for (const testing::ScriptBinary& binary : testing::script_binaries(script.str())) {
        SCOPED_TRACE(entry.path().filename().string() + ":" + std::to_string(binary.line));
        check(binary);
      }
    }
  }
};

TEST_P(ScriptBinaries, MalformedOnesAreRefusedForTheNamedReason) {
  for_each_binary([](const testing::ScriptBinary& binary) {
    const auto module = decode_all(binary.bytes, GetParam().features);
    if (binary.command != "assert_malformed") {
      EXPECT_TRUE(module.has_value()) << module.error().message() << " at " << module.error().offset;
    } else if (module.has_value()) {
      ADD_FAILURE() << "decodes, but: " << binary.expected;
    } else {
      EXPECT_TRUE(module.error().message().starts_with(binary.expected))
          << "expected: " << binary.expected << "\n  but: " << module.error().message() << " at "
          << module.error().offset;
      EXPECT_EQ(wasm::error_class(module.error().code), wasm::ErrorClass::malformed);
      EXPECT_LE(module.error().offset, binary.bytes.size());
    }
  });
}

TEST_P(ScriptBinaries, EncodingIsStableAfterOnePass) {
  for_each_binary([](const testing::ScriptBinary& binary) {
    const auto module = decode_all(binary.bytes, GetParam().features);
    if (!module) return;
    const Bytes once = encode(*module);
    EXPECT_LE(once.size(), binary.bytes.size());
    const auto again = decode_all(once, GetParam().features);
    ASSERT_TRUE(again.has_value()) << again.error().message();
    EXPECT_EQ(encode(*again), once);
  });
}

INSTANTIATE_TEST_SUITE_P(
    Spec, ScriptBinaries,
    ::testing::Values(
        Folder{"core", FeatureSet::wasm3()}, Folder{"custom", FeatureSet::wasm3()},
        Folder{"legacy", FeatureSet::wasm3().with(Feature::legacy_exceptions)},
        Folder{"proposals/threads", FeatureSet::wasm3().with(Feature::threads)},
        Folder{"proposals/custom-page-sizes", FeatureSet::wasm3().with(Feature::custom_page_sizes)},
        Folder{"proposals/wide-arithmetic", FeatureSet::wasm3().with(Feature::wide_arithmetic)}),
    [](const auto& folder) {
      std::string name = folder.param.path;
      std::replace_if(name.begin(), name.end(), [](char c) { return c == '/' || c == '-'; }, '_');
      return name;
    });

}  // namespace
}  // namespace cloche::binary
