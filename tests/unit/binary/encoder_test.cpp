// Canonical binaries come back byte for byte; others come back canonical.
#include "binary/encoder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "binary/decoder.hpp"
#include "module_builder.hpp"

namespace cloche::binary {
namespace {

using namespace testing;
using wasm::FeatureSet;

Bytes reencoded(const Bytes& data) {
  const auto decoded = decode(wasm::ModuleBytes(data), FeatureSet::all());
  EXPECT_TRUE(decoded.has_value()) << decoded.error().message() << " at " << decoded.error().offset;
  return decoded ? encode(*decoded) : Bytes();
}

TEST(Encoder, CanonicalModulesComeBackAsTheyWere) {
  EXPECT_EQ(reencoded(module()), module());
  EXPECT_EQ(reencoded(module_of_everything()), module_of_everything());
}

TEST(Encoder, CustomSectionsKeepTheirPlacesAndOrder) {
  const Bytes data = module(custom("a"), custom("b", 1), section(type_id, vec(bytes(0x60, 0, 0))),
                            custom("c"), section(mem_id, vec(bytes(0, 1))), custom("a", 2), custom("d"));
  EXPECT_EQ(reencoded(data), data);
}

TEST(Encoder, ChoosesTheShortestForm) {
  const Bytes i32_0 = bytes(0x41, 0, 0x0B);
  const struct {
    const char* what;
    Bytes from, to;
  } cases[] = {
      {"padded numbers", module(bytes(5, 0x84, 0x00, 0x81, 0x00, 0, 1)),
       module(section(mem_id, vec(bytes(0, 1))))},
      {"empty sections", module(section(type_id, 0), custom("a"), section(data_id, 0)), module(custom("a"))},
      {"a final type without supertypes", module(section(type_id, vec(bytes(0x4F, 0, 0x5F, 0)))),
       module(section(type_id, vec(bytes(0x5F, 0))))},
      {"a nullable reference in full", module(section(table_id, vec(bytes(0x63, 0x70, 0, 0)))),
       module(section(table_id, vec(bytes(0x70, 0, 0))))},
      {"the usual page size in full", module(section(mem_id, vec(bytes(8, 1, 16)))),
       module(section(mem_id, vec(bytes(0, 1))))},
      {"memory 0 in full",
       module(section(mem_id, vec(bytes(0, 1))), section(data_id, vec(bytes(2, 0, i32_0, 0)))),
       module(section(mem_id, vec(bytes(0, 1))), section(data_id, vec(bytes(0, i32_0, 0))))},
      {"table 0 in full", module(section(elem_id, vec(bytes(2, 0, i32_0, 0, 0)))),
       module(section(elem_id, vec(bytes(0, i32_0, 0))))},
      {"funcref in full", module(section(elem_id, vec(bytes(6, 0, i32_0, 0x70, 0)))),
       module(section(elem_id, vec(bytes(4, i32_0, 0))))},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(reencoded(c.from), c.to);
  }
}

TEST(Encoder, KeepsMemoriesOfProposals) {
  const Bytes data =
      module(section(mem_id, vec(bytes(3, 1, 2), bytes(7, 1, 2), bytes(0x0F, 1, 2, 0), bytes(8, 1, 0))));
  EXPECT_EQ(reencoded(data), data);
}

/// Programs of several toolchains; all of them are written canonically.
TEST(Encoder, ProgramsOfToolchainsComeBackAsTheyWere) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(CLOCHE_SHARED_DIR) / "programs";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not here";
  size_t programs = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".wasm") continue;
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const Bytes data((std::istreambuf_iterator<char>(file)), {});
    EXPECT_TRUE(reencoded(data) == data);
    ++programs;
  }
  EXPECT_GT(programs, 0u);
}

}  // namespace
}  // namespace cloche::binary
