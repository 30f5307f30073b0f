// The pieces an assembler appends, and that the readers take them back.
#include "binary/instr_encoder.hpp"

#include <gtest/gtest.h>

#include "binary/instr_reader.hpp"
#include "binary/type_reader.hpp"
#include "module_builder.hpp"

namespace cloche::binary {
namespace {

using namespace testing;
using wasm::AbsHeap;
using wasm::FeatureSet;
using wasm::HeapType;
using wasm::TypeIdx;
using wasm::ValType;

template <class... Arguments>
Bytes put(void (*function)(Bytes&, Arguments...), std::type_identity_t<Arguments>... arguments) {
  Bytes out;
  function(out, arguments...);
  return out;
}

TEST(InstrEncoder, WritesOpcodesWithAndWithoutPrefix) {
  EXPECT_EQ(put(put_op, wasm::Op::i32_add), bytes(0x6A));
  EXPECT_EQ(put(put_op, wasm::Op::memory_fill), bytes(0xFC, 11));
  EXPECT_EQ(put(put_op, wasm::Op::i8x16_relaxed_swizzle), bytes(0xFD, 0x80, 0x02));
}

TEST(InstrEncoder, WritesTypesInTheirShortestForm) {
  EXPECT_EQ(put(put_val_type, ValType::v128()), bytes(0x7B));
  EXPECT_EQ(put(put_val_type, ValType::funcref()), bytes(0x70));
  EXPECT_EQ(put(put_val_type, ValType::ref(AbsHeap::none, false)), bytes(0x64, 0x71));
  EXPECT_EQ(put(put_val_type, ValType::ref(HeapType(TypeIdx(3)), true)), bytes(0x63, 3));
  EXPECT_EQ(put(put_heap_type, HeapType(TypeIdx(64))), bytes(0xC0, 0)) << "signed: 64 takes two bytes";
  EXPECT_EQ(put(put_storage_type, wasm::StorageType::i8()), bytes(0x78));
  EXPECT_EQ(put(put_storage_type, wasm::StorageType(ValType::f64())), bytes(0x7C));
}

TEST(InstrEncoder, WritesMemoryArguments) {
  EXPECT_EQ(put(put_mem_arg, 2, 0, 8), bytes(2, 8));
  EXPECT_EQ(put(put_mem_arg, 2, 1, uint64_t{1} << 32), bytes(0x42, 1, 0x80, 0x80, 0x80, 0x80, 0x10));
}

TEST(InstrEncoder, WritesBytesAsTheyStand) {
  Bytes out;
  put_fixed(out, uint32_t{0x3F800000});
  put_name(out, "ab");
  put_s32(out, -1);
  EXPECT_EQ(out, bytes(0, 0, 0x80, 0x3F, 2, 'a', 'b', 0x7F));
}

TEST(InstrEncoder, TypesComeBackThroughTheReaders) {
  const FeatureSet all = FeatureSet::all();
  for (int byte = 0x69; byte <= 0x74; ++byte) {
    for (const bool nullable : {false, true}) {
      const ValType type = ValType::ref(static_cast<AbsHeap>(byte), nullable);
      const Bytes encoded = put(put_val_type, type);
      Reader reader(encoded);
      EXPECT_EQ(*read_val_type(reader, all), type);
      EXPECT_TRUE(reader.at_end());
    }
  }
  using Kind = wasm::BlockType::Kind;
  const wasm::BlockType blocks[] = {{Kind::empty, {}, {}},
                                    {Kind::value, ValType::i64(), {}},
                                    {Kind::value, ValType::ref(HeapType(TypeIdx(7)), true), {}},
                                    {Kind::type, {}, TypeIdx(100000)}};
  for (const wasm::BlockType& block : blocks) {
    Bytes encoded;
    put_block_type(encoded, block);
    Reader reader(encoded);
    const wasm::BlockType read = *read_block_type(reader, all);
    EXPECT_EQ(read.kind, block.kind);
    EXPECT_EQ(read.type, block.type);
    if (block.kind == Kind::value) {
      EXPECT_EQ(read.value, block.value);
    }
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(TypeReader, IndicesOfTypesNeedTypedReferences) {
  const Bytes concrete = bytes(5);
  Reader reader(concrete);
  const auto type = read_heap_type(reader, FeatureSet::all().with(wasm::Feature::typed_references, false));
  ASSERT_FALSE(type.has_value());
  EXPECT_EQ(type.error().code, ErrorCode::malformed_heap_type);
  EXPECT_EQ(type.error().offset, 0u);
}

TEST(TypeReader, IndicesBeyondAllTypesStayOutOfRange) {
  const Bytes huge = bytes(0xFF, 0xFF, 0xFF, 0xFF, 0x0F);
  Reader reader(huge);
  const auto type = read_heap_type(reader, FeatureSet::all());
  ASSERT_TRUE(type.has_value());
  EXPECT_GT(type->index().value, 1'000'000u);
}

}  // namespace
}  // namespace cloche::binary
