// LEB128 as the specification restricts it (spec: Binary Format / Values / Integers): at most ceil(N/7)
// bytes, and the unused bits of the last byte repeat the sign (signed) or are zero (unsigned).
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

namespace cloche::base {

enum class LebStatus : uint8_t { ok, unexpected_end, too_long, too_large };

template <class T>
struct Leb {
  T value;
  const uint8_t* next;  // one past the last byte read
  LebStatus status;
};

/// Reads an N-bit LEB128 from [at, end). Signed T reads the signed form. On failure `next` is the offending
/// byte.
template <class T, unsigned N = sizeof(T) * 8>
constexpr Leb<T> read_leb(const uint8_t* at, const uint8_t* end) {
  using U = std::make_unsigned_t<T>;
  constexpr unsigned max_bytes = (N + 6) / 7;
  U value = 0;
  unsigned shift = 0;
  for (unsigned i = 0; i < max_bytes; ++i, shift += 7) {
    if (at == end) return {0, at, LebStatus::unexpected_end};
    const uint8_t byte = *at;
    value |= static_cast<U>(static_cast<U>(byte & 0x7F) << shift);
    const bool last = i + 1 == max_bytes;
    if (last && (byte & 0x80)) return {0, at, LebStatus::too_long};
    if (last) {
      constexpr unsigned used = N - 7 * (max_bytes - 1);  // bits of the last byte that carry value
      const uint8_t rest =
          static_cast<uint8_t>(byte & 0x7F & (0xFF << (std::is_signed_v<T> ? used - 1 : used)));
      constexpr uint8_t all = 0x7F & (0xFF << (std::is_signed_v<T> ? used - 1 : used));
      if (rest != 0 && !(std::is_signed_v<T> && rest == all)) return {0, at, LebStatus::too_large};
    }
    ++at;
    if (!(byte & 0x80)) {
      if constexpr (std::is_signed_v<T>) {
        shift += 7;
        if (shift < sizeof(T) * 8 && (byte & 0x40)) value |= static_cast<U>(~U{0} << shift);
      }
      return {static_cast<T>(value), at, LebStatus::ok};
    }
  }
  return {0, at, LebStatus::too_long};
}

template <std::unsigned_integral T>
void append_leb(std::vector<uint8_t>& out, T value) {
  do {
    uint8_t byte = value & 0x7F;
    value = static_cast<T>(value >> 7);
    if (value) byte |= 0x80;
    out.push_back(byte);
  } while (value);
}

template <std::signed_integral T>
void append_leb(std::vector<uint8_t>& out, T value) {
  for (;;) {
    const uint8_t byte = static_cast<uint8_t>(value & 0x7F);
    value = static_cast<T>(value >> 7);
    const bool done = (value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40));
    out.push_back(done ? byte : static_cast<uint8_t>(byte | 0x80));
    if (done) return;
  }
}

}  // namespace cloche::base
