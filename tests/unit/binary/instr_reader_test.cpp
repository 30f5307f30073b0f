// Every instruction is read back as it was written, whatever its immediates; malformed immediates are
// refused.
#include "binary/instr_reader.hpp"

#include <gtest/gtest.h>

#include "module_builder.hpp"
#include "wasm/limits.hpp"

namespace cloche::binary {
namespace {

using namespace testing;
using wasm::FeatureSet;
using wasm::Imm;
using wasm::Op;

/// Immediates of each kind, chosen so that every member gets a value that is not its default.
Bytes sample_immediates(Imm immediate) {
  Bytes out;
  switch (immediate) {
    case Imm::none:
      return {};
    case Imm::block:
      return bytes(0x7F);
    case Imm::label:
    case Imm::func:
    case Imm::type:
    case Imm::local:
    case Imm::global:
    case Imm::table:
    case Imm::memory:
    case Imm::tag:
    case Imm::data:
    case Imm::elem:
      return leb(300);
    case Imm::label_table:
      return bytes(vec(1, leb(300), 2), 4);
    case Imm::type_table:
    case Imm::elem_table:
    case Imm::table_table:
    case Imm::data_memory:
    case Imm::memory_memory:
    case Imm::type_field:
    case Imm::type_count:
    case Imm::type_data:
    case Imm::type_elem:
    case Imm::type_type:
      return bytes(leb(300), leb(400));
    case Imm::select_types:
      return vec(0x7F, bytes(0x64, 5));
    case Imm::heap_type:
      return bytes(0x6E);
    case Imm::cast:
      return bytes(3, leb(300), 0x6E, 5);
    case Imm::try_table:
      return bytes(0x40, vec(bytes(0, 6, 7), bytes(1, 8, 9), bytes(2, 1), bytes(3, 2)));
    case Imm::mem_arg:
      return bytes(0x42, 3, leb(uint64_t{1} << 40));
    case Imm::mem_arg_lane:
      return bytes(0x42, 3, leb(300), 5);
    case Imm::lane:
      return bytes(5);
    case Imm::shuffle:
    case Imm::v128:
      for (int i = 0; i < 16; ++i) put_u8(out, static_cast<uint8_t>(i + 1));
      return out;
    case Imm::fence:
      return bytes(0);
    case Imm::i32:
      put_s32(out, -12345);
      return out;
    case Imm::i64:
      put_s64(out, INT64_MIN);
      return out;
    case Imm::f32:
      return bytes(0, 0, 0xC0, 0x7F);
    case Imm::f64:
      return bytes(1, 0, 0, 0, 0, 0, 0xF0, 0x7F);
  }
  return {};
}

std::vector<Op> all_ops() {
  std::vector<Op> ops;
  for (size_t i = 0; i < wasm::op_count; ++i) ops.push_back(static_cast<Op>(i));
  return ops;
}

Result<Instr> read_one(const Bytes& code, FeatureSet features = FeatureSet::all()) {
  return InstrReader(Reader(code), features).next();
}

TEST(InstrReader, ReadsEveryInstructionToItsEnd) {
  for (const Op op : all_ops()) {
    SCOPED_TRACE(wasm::op_info(op).text);
    const Bytes code = bytes(testing::op(op), sample_immediates(wasm::op_info(op).immediate));
    const auto instr = read_one(bytes(code, 0x0B));
    ASSERT_TRUE(instr.has_value()) << instr.error().message();
    EXPECT_EQ(instr->op, op);
    EXPECT_EQ(instr->size, code.size());

    Reader reader(code);
    ASSERT_TRUE(read_op(reader, FeatureSet::all()).has_value());
    ASSERT_TRUE(skip_immediates(reader, FeatureSet::all(), op).has_value());
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(InstrReader, RefusesEveryCutInstruction) {
  for (const Op op : all_ops()) {
    SCOPED_TRACE(wasm::op_info(op).text);
    const Bytes code = bytes(testing::op(op), sample_immediates(wasm::op_info(op).immediate));
    for (size_t size = 0; size < code.size(); ++size) {
      const auto instr = read_one(Bytes(code.begin(), code.begin() + static_cast<ptrdiff_t>(size)));
      ASSERT_FALSE(instr.has_value()) << size;
      // A vector's count may already show that its elements are missing.
      const bool expected = instr.error().code == ErrorCode::unexpected_end_of_section ||
                            instr.error().code == ErrorCode::length_out_of_bounds;
      EXPECT_TRUE(expected) << instr.error().message();
    }
  }
}

TEST(InstrReader, RefusesInstructionsOfFeaturesThatAreOff) {
  for (const Op op : all_ops()) {
    const wasm::OpInfo& info = wasm::op_info(op);
    SCOPED_TRACE(info.text);
    const Bytes code = bytes(testing::op(op), sample_immediates(info.immediate));
    const auto instr = read_one(code, FeatureSet::all().with(info.feature, false));
    ASSERT_FALSE(instr.has_value());
    EXPECT_EQ(instr.error().code, ErrorCode::feature_disabled);
    EXPECT_EQ(instr.error().offset, 0u);
  }
}

TEST(InstrReader, FillsTheMembersOfEachKind) {
  const auto read = [](Op op) {
    return *read_one(bytes(testing::op(op), sample_immediates(wasm::op_info(op).immediate)));
  };
  EXPECT_EQ(read(Op::block).block.value, wasm::ValType::i32());
  EXPECT_EQ(read(Op::call).index, 300u);
  EXPECT_EQ(read(Op::call_indirect).index2, 400u);
  EXPECT_EQ(read(Op::br_table).index2, 4u);
  EXPECT_EQ(read(Op::i32_load).mem.memory, 3u);
  EXPECT_EQ(read(Op::i32_load).mem.align_log2, 2u);
  EXPECT_EQ(read(Op::i32_load).mem.offset, uint64_t{1} << 40);
  EXPECT_EQ(read(Op::v128_load8_lane).lane, 5u);
  EXPECT_EQ(read(Op::i32_const).bits, static_cast<uint32_t>(-12345));
  EXPECT_EQ(read(Op::i64_const).bits, uint64_t{1} << 63);
  EXPECT_EQ(read(Op::f32_const).bits, 0x7FC00000u);
  EXPECT_EQ(read(Op::f64_const).bits, 0x7FF0000000000001u);
  EXPECT_EQ(read(Op::v128_const).bytes[15], 16u);
  EXPECT_EQ(read(Op::br_on_cast).cast_flags, 3u);
  EXPECT_EQ(read(Op::br_on_cast).heap, wasm::HeapType(wasm::AbsHeap::any));
  EXPECT_EQ(read(Op::br_on_cast).heap2, wasm::HeapType(wasm::TypeIdx(5)));
}

TEST(InstrReader, VectorsAreReadWhileIterating) {
  const Bytes code = bytes(0x0E, sample_immediates(Imm::label_table),   //
                           0x1C, sample_immediates(Imm::select_types),  //
                           0x1F, sample_immediates(Imm::try_table));
  InstrReader instrs(Reader(code), FeatureSet::all());
  const Instr br_table = *instrs.next();
  std::vector<uint32_t> labels;
  for (const uint32_t label : instrs.labels(br_table)) labels.push_back(label);
  EXPECT_EQ(labels, (std::vector<uint32_t>{1, 300, 2}));

  const Instr select = *instrs.next();
  std::vector<wasm::ValType> types;
  for (const wasm::ValType type : instrs.types(select)) types.push_back(type);
  EXPECT_EQ(types,
            (std::vector{wasm::ValType::i32(), wasm::ValType::ref(wasm::HeapType(wasm::TypeIdx(5)), false)}));

  const Instr try_table = *instrs.next();
  EXPECT_TRUE(instrs.at_end());
  EXPECT_EQ(instrs.catches(try_table).size(), 4u);
  std::vector<uint32_t> numbers;
  for (const Catch& clause : instrs.catches(try_table)) {
    numbers.push_back(static_cast<uint32_t>(clause.kind));
    numbers.push_back(clause.tag);
    numbers.push_back(clause.label);
  }
  EXPECT_EQ(numbers, (std::vector<uint32_t>{0, 6, 7, 1, 8, 9, 2, 0, 1, 3, 0, 2}));
  // Going back is possible, since the views do not move the reader.
  EXPECT_EQ(*instrs.labels(br_table).begin(), 1u);
}

TEST(InstrReader, RefusesMalformedImmediates) {
  const struct {
    const char* what;
    Bytes code;
    ErrorCode error;
    uint64_t offset;
  } cases[] = {
      {"no such opcode", bytes(0xFF), ErrorCode::illegal_opcode, 0},
      {"no such prefixed opcode", bytes(0xFD, leb(0x200)), ErrorCode::illegal_opcode, 0},
      {"a huge prefixed opcode", bytes(0xFC, leb(0xFFFFFFFF)), ErrorCode::illegal_opcode, 0},
      {"block type", bytes(0x02, 0x41), ErrorCode::malformed_value_type, 1},
      {"negative block type", bytes(0x02, 0xBF, 0x7F), ErrorCode::malformed_block_type, 1},
      {"index too large", bytes(0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F), ErrorCode::integer_too_large, 5},
      {"alignment flags", bytes(0x28, 0x80, 0x01, 0), ErrorCode::malformed_mem_arg, 1},
      {"catch kind", bytes(0x1F, 0x40, vec(bytes(4, 0))), ErrorCode::malformed_catch, 3},
      {"cast flags", bytes(0xFB, 24, 4, 0, 0x6E, 0x6E), ErrorCode::malformed_cast_flags, 2},
      {"heap type", bytes(0xD0, 0x7F), ErrorCode::malformed_heap_type, 1},
      {"fence", bytes(0xFE, 3, 1), ErrorCode::zero_byte_expected, 2},
      {"labels beyond the code", bytes(0x0E, 9), ErrorCode::length_out_of_bounds, 1},
      {"catch clauses", bytes(0x1F, 0x40, leb(wasm::limits::catches + 1), Bytes(20000, 2)),
       ErrorCode::limit_exceeded, 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const auto instr = read_one(c.code);
    ASSERT_FALSE(instr.has_value());
    EXPECT_EQ(wasm::error_text(instr.error().code), wasm::error_text(c.error));
    EXPECT_EQ(instr.error().offset, c.offset);
  }
  const auto indexed =
      read_one(bytes(0x28, 0x42, 1, 0), FeatureSet::all().with(wasm::Feature::multi_memory, false));
  ASSERT_FALSE(indexed.has_value());
  EXPECT_EQ(indexed.error().code, ErrorCode::malformed_mem_arg);
}

TEST(SkipExpr, EndsAtTheEndOfItsOwnNesting) {
  // if else end, try delegate, end; then more
  const Bytes code = bytes(0x41, 0, 0x04, 0x40, 0x05, 0x0B, 0x06, 0x40, 0x18, 0, 0x0B, 0x41, 7, 0x0B);
  Reader reader(code);
  const auto expr = skip_expr(reader, FeatureSet::all());
  ASSERT_TRUE(expr.has_value()) << expr.error().message();
  EXPECT_EQ(expr->size, 11u);
  EXPECT_EQ(reader.offset(), 11u);
}

TEST(SkipExpr, ElseStandsOnceInAnIf) {
  const struct {
    Bytes code;
    uint64_t offset;
  } cases[] = {{bytes(0x05, 0x0B), 0},
               {bytes(0x02, 0x40, 0x05, 0x0B, 0x0B), 2},
               {bytes(0x04, 0x40, 0x05, 0x05, 0x0B, 0x0B), 3}};
  for (const auto& c : cases) {
    Reader reader(c.code);
    const auto expr = skip_expr(reader, FeatureSet::all());
    ASSERT_FALSE(expr.has_value());
    EXPECT_EQ(expr.error().code, ErrorCode::end_expected);
    EXPECT_EQ(expr.error().offset, c.offset);
  }
}

TEST(InstrReader, KnowsTheUsualConstantExpression) {
  using Bytes = std::vector<uint8_t>;
  EXPECT_EQ(i32_constant_size(Bytes{0x41, 0x07, 0x0B}), 3u);
  EXPECT_EQ(i32_constant_size(Bytes{0x41, 0x80, 0x80, 0x04, 0x0B, 0x41}), 5u);
  EXPECT_EQ(i32_constant_size(Bytes{0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x0B}), 7u);
  for (const Bytes& other :
       {Bytes{}, Bytes{0x41}, Bytes{0x41, 0x07}, Bytes{0x41, 0x80}, Bytes{0x42, 0x07, 0x0B},
        Bytes{0x41, 0x07, 0x41, 0x07, 0x6A, 0x0B}, Bytes{0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0x0B}})
    EXPECT_EQ(i32_constant_size(other), 0u);
}

}  // namespace
}  // namespace cloche::binary
