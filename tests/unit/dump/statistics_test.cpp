// Counts of instructions and sizes of functions.
#include "dump/statistics.hpp"

#include "support.hpp"

namespace cloche::dump {
namespace {

using namespace testing;

TEST(Statistics, CountsOpcodesAndForms) {
  const auto bytes = assembled(R"((module (memory 1) (func (param i32)
    (drop (i32.const -1)) (drop (i32.const -1)) (drop (f64.const 0.5)) (drop (local.get 0)) (drop (i32.load (local.get 0)))
    (br_table 0 0 (local.get 0)))))");
  const Index index = index_of(bytes);
  std::vector<Problem> problems;
  const InstructionCounts counts(index, problems);
  EXPECT_TRUE(problems.empty());
  base::StringOutput out;
  put_statistics(out, index, counts, 1, "=");
  EXPECT_EQ(
      out.text(),
      "Total opcodes: 14\n\nOpcode counts:\ndrop=5\nlocal.get=3\ni32.const=2\nend=1\nbr_table=1\ni32.load=1\n"
      "f64.const=1\n\nOpcode counts with immediates:\ndrop=5\nlocal.get 0=3\ni32.const 4294967295 "
      "(0xffffffff)=2\n"
      "end=1\nbr_table 0, 0=1\ni32.load 2, 0=1\nf64.const 0.5 (0x1p-1)=1\n");
  base::StringOutput cut;
  put_statistics(cut, index, counts, 3, ": ");
  EXPECT_EQ(cut.text(),
            "Total opcodes: 14\n\nOpcode counts:\ndrop: 5\nlocal.get: 3\n\nOpcode counts with immediates:\n"
            "drop: 5\nlocal.get 0: 3\n");
}

TEST(Statistics, CountsConstantExpressionsToo) {
  const auto bytes =
      assembled(R"((module (memory 1) (table 1 funcref) (global i32 (i32.const 1)) (data (i32.const 2) "")
    (elem (i32.const 3) funcref (ref.null func))))");
  const Index index = index_of(bytes);
  std::vector<Problem> problems;
  const InstructionCounts counts(index, problems);
  EXPECT_EQ(counts.count(wasm::Op::i32_const), 3u);
  EXPECT_EQ(counts.count(wasm::Op::ref_null), 1u);
  EXPECT_EQ(counts.count(wasm::Op::end), 4u);
}

TEST(Statistics, SizesOfFunctionsTheLargestFirst) {
  const auto bytes = assembled(R"((module (import "a" "b" (func)) (func) (func nop nop) (func)))");
  const auto sizes = body_sizes(index_of(bytes));
  ASSERT_EQ(sizes.size(), 3u);
  EXPECT_EQ(sizes[0].func, 2u);
  EXPECT_EQ(sizes[0].size, 4u);
  EXPECT_EQ(sizes[1].func, 1u);
  EXPECT_EQ(sizes[2].func, 3u);
}

}  // namespace
}  // namespace cloche::dump
