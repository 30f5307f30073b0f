// Every answer of the block that is used here agrees with one byte at a time, and with the portable block.
#include "base/byte_block.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace cloche::base {
namespace {

using Bytes = std::array<char, 16>;

// Sixteen neighbouring byte values, beginning with `first`.
Bytes bytes_from(unsigned first) {
  Bytes bytes;
  for (unsigned i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(first + i);
  return bytes;
}

template <class Block>
void expect_matches(const Bytes& bytes, uint8_t value) {
  const Block block = Block::load(bytes.data());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    const auto bit = [i](typename Block::Matches matches) { return (matches.bits() >> i & 1) != 0; };
    EXPECT_EQ(bit(block.equal(static_cast<char>(value))), byte == value);
    EXPECT_EQ(bit(block.at_most(value)), byte <= value);
    EXPECT_EQ(bit(block.beyond_ascii()), byte >= 0x80);
    EXPECT_EQ(bit(block.with_bits(0x21).equal(static_cast<char>(value))), (byte | 0x21) == value);
    EXPECT_EQ(bit(block.equal(static_cast<char>(value)) | block.at_most(0x20)),
              byte == value || byte <= 0x20);
    EXPECT_EQ(bit(block.at_most(value) & block.at_most(0x20)), byte <= value && byte <= 0x20);
  }
}

TEST(ByteBlock, AnswersLikeABytewiseLook) {
  for (unsigned first = 0; first < 256; first += 16)
    for (unsigned value = 0; value < 256; ++value) {
      expect_matches<ByteBlock>(bytes_from(first), static_cast<uint8_t>(value));
      expect_matches<PortableByteBlock>(bytes_from(first), static_cast<uint8_t>(value));
    }
}

TEST(ByteBlock, FindsTheFirstByteWhereverItStands) {
  const auto matches = [](ByteBlock block) { return block.equal('x'); };
  const auto is = [](char c) { return c == 'x'; };
  for (size_t size = 0; size < 70; ++size) {
    const std::string none(size, '-');
    EXPECT_EQ(find_byte(none.data(), none.data() + size, matches, is), none.data() + size);
    for (size_t at = 0; at < size; ++at) {
      std::string one = none;
      one[at] = one.back() = 'x';
      EXPECT_EQ(find_byte(one.data(), one.data() + size, matches, is), one.data() + at);
    }
  }
}

TEST(ByteBlock, LoadsNumbersFromTheirLowestByte) {
  EXPECT_EQ(load_little_endian("\1\2\3\4\5\6\7\x88"), 0x8807060504030201u);
}

}  // namespace
}  // namespace cloche::base
