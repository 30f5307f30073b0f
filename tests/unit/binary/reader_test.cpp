// Numbers, byte strings and names; every failure with its offset.
#include "binary/reader.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "module_builder.hpp"

namespace cloche::binary {
namespace {

using testing::bytes;

/// Reads with `read` from `data`, which stands at offset 3 of something larger.
template <class Read>
auto read_at_3(const Bytes& data, Read read) {
  const Bytes all = bytes(0xAA, 0xAA, 0xAA, data);
  Reader reader(all, 3, all.size());
  return read(reader);
}

template <class T>
void expect_error(const Result<T>& result, ErrorCode code, uint64_t offset) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(wasm::error_text(result.error().code), wasm::error_text(code));
  EXPECT_EQ(result.error().offset, offset);
}

TEST(Reader, ReadsNumbersOfEveryLength) {
  const auto u32 = [](Reader& r) { return r.u32(); };
  const auto s32 = [](Reader& r) { return r.s32(); };
  const auto s33 = [](Reader& r) { return r.s33(); };
  const auto s64 = [](Reader& r) { return r.s64(); };
  EXPECT_EQ(*read_at_3(bytes(0x7F), u32), 127u);
  EXPECT_EQ(*read_at_3(bytes(0xE5, 0x8E, 0x26), u32), 624485u);
  EXPECT_EQ(*read_at_3(bytes(0xFF, 0xFF, 0xFF, 0xFF, 0x0F), u32), 0xFFFFFFFFu);
  EXPECT_EQ(*read_at_3(bytes(0x80, 0x80, 0x00), u32), 0u) << "longer than needed is allowed";
  EXPECT_EQ(*read_at_3(bytes(0x7F), s32), -1);
  EXPECT_EQ(*read_at_3(bytes(0x3F), s32), 63);
  EXPECT_EQ(*read_at_3(bytes(0x40), s32), -64);
  EXPECT_EQ(*read_at_3(bytes(0x80, 0x80, 0x80, 0x80, 0x78), s32), INT32_MIN);
  EXPECT_EQ(*read_at_3(bytes(0xFF, 0xFF, 0xFF, 0xFF, 0x0F), s33), (int64_t{1} << 32) - 1);
  EXPECT_EQ(*read_at_3(bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F), s64), INT64_MIN);
}

TEST(Reader, RefusesNumbersThatAreTooLongTooLargeOrCut) {
  const auto u32 = [](Reader& r) { return r.u32(); };
  const auto s32 = [](Reader& r) { return r.s32(); };
  const auto s33 = [](Reader& r) { return r.s33(); };
  const auto u64 = [](Reader& r) { return r.u64(); };
  expect_error(read_at_3({}, u32), ErrorCode::unexpected_end_of_section, 3);
  expect_error(read_at_3(bytes(0x80, 0x80), u32), ErrorCode::unexpected_end_of_section, 5);
  expect_error(read_at_3(bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x00), u32), ErrorCode::integer_too_long, 7);
  expect_error(read_at_3(bytes(0xFF, 0xFF, 0xFF, 0xFF, 0x1F), u32), ErrorCode::integer_too_large, 7);
  expect_error(read_at_3(bytes(0x80, 0x80, 0x80, 0x80, 0x08), s32), ErrorCode::integer_too_large, 7);
  expect_error(read_at_3(bytes(0x80, 0x80, 0x80, 0x80, 0x20), s33), ErrorCode::integer_too_large, 7);
  expect_error(read_at_3(bytes(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02), u64),
               ErrorCode::integer_too_large, 12);
}

TEST(Reader, ReadsFixedBytes) {
  EXPECT_EQ(*read_at_3(bytes(0, 0, 0x80, 0x3F), [](Reader& r) { return r.fixed<uint32_t>(); }),
            std::bit_cast<uint32_t>(1.0f));
  expect_error(read_at_3(bytes(0, 0, 0), [](Reader& r) { return r.fixed<uint32_t>(); }),
               ErrorCode::unexpected_end_of_section, 6);
}

TEST(Reader, CountsTheNumbersOwnBytesAsRemaining) {
  const auto length = [](Reader& r) { return r.length(); };
  const auto byte_length = [](Reader& r) { return r.byte_length(); };
  EXPECT_EQ(*read_at_3(bytes(1), length), 1u);
  expect_error(read_at_3(bytes(2), length), ErrorCode::length_out_of_bounds, 3);
  expect_error(read_at_3(bytes(1), byte_length), ErrorCode::unexpected_end_of_section, 4);
  expect_error(read_at_3(bytes(0xFF, 0xFF, 0xFF, 0xFF, 0x0F), length), ErrorCode::length_out_of_bounds, 3);
}

TEST(Reader, NamesAreUtf8) {
  const auto name = [](Reader& r) { return r.name(); };
  const Bytes good = testing::name("f\u00E9");
  EXPECT_EQ(*Reader(good).name(), "f\u00E9");
  expect_error(read_at_3(bytes(2, 'a', 0x80), name), ErrorCode::malformed_utf8, 4);
  expect_error(read_at_3(bytes(3, 'a', 'b'), name), ErrorCode::unexpected_end_of_section, 6);
  expect_error(read_at_3(bytes(4, 'a', 'b'), name), ErrorCode::length_out_of_bounds, 3);
}

}  // namespace
}  // namespace cloche::binary
