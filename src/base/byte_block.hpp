// Sixteen bytes of text looked at together: which of them are what one searches for. A scanner asks once per
// block instead of once per byte. There is a version for processors with SSE2 and one for all others; they
// answer alike.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace cloche::base {

/// What processors without SSE2 use; elsewhere the tests compare it with what is used there.
class PortableByteBlock {
 public:
  /// A set of bytes of a block.
  class Matches {
   public:
    explicit Matches(uint32_t bits) : bits_(bits) {}
    Matches operator|(Matches other) const { return Matches(bits_ | other.bits_); }
    Matches operator&(Matches other) const { return Matches(bits_ & other.bits_); }
    uint32_t bits() const { return bits_; }

   private:
    uint32_t bits_;
  };

  static PortableByteBlock load(const char* at) {
    PortableByteBlock block;
    std::memcpy(block.bytes_.data(), at, block.bytes_.size());
    return block;
  }
  PortableByteBlock with_bits(uint8_t bits) const {
    PortableByteBlock block = *this;
    for (uint8_t& byte : block.bytes_) byte |= bits;
    return block;
  }
  Matches equal(char wanted) const {
    return all_that([wanted](uint8_t byte) { return byte == static_cast<uint8_t>(wanted); });
  }
  Matches at_most(uint8_t limit) const {
    return all_that([limit](uint8_t byte) { return byte <= limit; });
  }
  Matches beyond_ascii() const {
    return all_that([](uint8_t byte) { return byte >= 0x80; });
  }

 private:
  template <class Predicate>
  Matches all_that(Predicate predicate) const {
    uint32_t bits = 0;
    for (size_t i = 0; i < bytes_.size(); ++i) bits |= static_cast<uint32_t>(predicate(bytes_[i])) << i;
    return Matches(bits);
  }

  std::array<uint8_t, 16> bytes_;
};

#if defined(__SSE2__)

class Sse2ByteBlock {
 public:
  /// A set of bytes of a block.
  class Matches {
   public:
    explicit Matches(__m128i bytes) : bytes_(bytes) {}
    Matches operator|(Matches other) const { return Matches(_mm_or_si128(bytes_, other.bytes_)); }
    Matches operator&(Matches other) const { return Matches(_mm_and_si128(bytes_, other.bytes_)); }
    /// Bit i is set when byte i belongs to the set.
    uint32_t bits() const { return static_cast<uint32_t>(_mm_movemask_epi8(bytes_)); }

   private:
    __m128i bytes_;  // the highest bit of each byte says it
  };

  /// The sixteen bytes from `at` on, all of which must be readable.
  static Sse2ByteBlock load(const char* at) {
    return Sse2ByteBlock(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
  }
  /// The block with these bits set in every byte.
  Sse2ByteBlock with_bits(uint8_t bits) const {
    return Sse2ByteBlock(_mm_or_si128(bytes_, _mm_set1_epi8(static_cast<char>(bits))));
  }
  Matches equal(char wanted) const { return Matches(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(wanted))); }
  /// The bytes that are not above `limit`, counted without sign.
  Matches at_most(uint8_t limit) const {
    return Matches(_mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(static_cast<char>(limit))), bytes_));
  }
  Matches beyond_ascii() const { return Matches(bytes_); }

 private:
  explicit Sse2ByteBlock(__m128i bytes) : bytes_(bytes) {}
  __m128i bytes_;
};

using ByteBlock = Sse2ByteBlock;
#else
using ByteBlock = PortableByteBlock;
#endif

/// Bytes in a block.
inline constexpr ptrdiff_t byte_block_size = 16;
/// The bits of a block all of whose bytes match.
inline constexpr uint32_t byte_block_all = 0xFFFF;

/// Eight bytes as a number whose lowest byte is the first.
inline uint64_t load_little_endian(const char* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

/// The first byte of [at, end) in the set that `matches` makes of a block; `end` when there is none. `is`
/// says the same of a single byte.
template <class Matches, class Is>
const char* find_byte(const char* at, const char* end, Matches matches, Is is) {
  for (; end - at >= byte_block_size; at += byte_block_size)
    if (const uint32_t bits = matches(ByteBlock::load(at)).bits()) return at + std::countr_zero(bits);
  while (at != end && !is(*at)) ++at;
  return at;
}

}  // namespace cloche::base
