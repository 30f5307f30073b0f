// The opcode table holds together: codes are unique, lookup is the inverse of the table, signatures are well
// formed.
#include "wasm/opcode.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cloche::wasm {
namespace {

TEST(OpcodeTable, FindOpIsTheInverseOfTheTable) {
  std::set<std::pair<int, int>> seen;
  for (size_t i = 0; i < op_count; ++i) {
    const OpInfo& info = op_table[i];
    EXPECT_TRUE(seen.emplace(info.prefix, info.code).second) << info.text;
    EXPECT_EQ(find_op(info.prefix, info.code), static_cast<Op>(i)) << info.text;
  }
  EXPECT_EQ(find_op(0, 0xFF), Op::count_);
  EXPECT_EQ(find_op(0xFD, 100000), Op::count_);
}

TEST(OpcodeTable, SignaturesAreWellFormed) {
  for (const OpInfo& info : op_table) {
    if (info.signature == "?") continue;
    EXPECT_EQ(std::count(info.signature.begin(), info.signature.end(), ':'), 1) << info.text;
    EXPECT_EQ(info.signature.find_first_not_of("ilfdva:"), std::string_view::npos) << info.text;
  }
}

TEST(OpcodeTable, AccessSizesArePowersOfTwoExactlyWhereMemoryIsTouched) {
  for (const OpInfo& info : op_table) {
    const bool touches = info.immediate == Imm::mem_arg || info.immediate == Imm::mem_arg_lane;
    EXPECT_EQ(info.access_bytes != 0, touches) << info.text;
    EXPECT_EQ(info.access_bytes & (info.access_bytes - 1), 0) << info.text;
  }
}

}  // namespace
}  // namespace cloche::wasm
