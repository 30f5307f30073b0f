// Reads the binary format's values from a range of a module's bytes. Every failure carries its offset in the
// module.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "base/leb128.hpp"
#include "base/utf8.hpp"
#include "wasm/error.hpp"

namespace cloche::binary {

using wasm::Error;
using wasm::ErrorCode;
using wasm::fail;
using wasm::Result;

/// A cursor over [begin, end) of a module. Offsets count from `origin`, the module's first byte.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> module)
      : origin_(module.data()), at_(module.data()), end_(module.data() + module.size()) {}
  Reader(std::span<const uint8_t> module, size_t begin, size_t end)
      : origin_(module.data()), at_(module.data() + begin), end_(module.data() + end) {}

  size_t offset() const { return static_cast<size_t>(at_ - origin_); }
  size_t end_offset() const { return static_cast<size_t>(end_ - origin_); }
  size_t remaining() const { return static_cast<size_t>(end_ - at_); }
  bool at_end() const { return at_ == end_; }
  const uint8_t* position() const { return at_; }
  /// Moves on by `count` bytes, which must be there.
  void advance(size_t count) { at_ += count; }
  /// A reader over the next `size` bytes, which must be there. This one stays where it is.
  Reader sub(size_t size) const {
    Reader reader = *this;
    reader.end_ = at_ + size;
    return reader;
  }
  /// The next byte without reading it; 0 at the end.
  uint8_t peek() const { return at_ == end_ ? 0 : *at_; }

  /// Fails: unexpected_end_of_section.
  Result<uint8_t> u8() {
    if (at_ == end_) [[unlikely]]
      return unexpected_end();
    return *at_++;
  }
  /// Fails: unexpected_end_of_section, integer_too_long, integer_too_large.
  Result<uint32_t> u32() { return leb<uint32_t>(); }
  Result<uint64_t> u64() { return leb<uint64_t>(); }
  Result<int32_t> s32() { return leb<int32_t>(); }
  Result<int64_t> s64() { return leb<int64_t>(); }
  Result<int64_t> s33() { return leb<int64_t, 33>(); }
  /// Little-endian bytes as they stand. Fails: unexpected_end_of_section.
  template <class T>
  Result<T> fixed() {
    if (remaining() < sizeof(T)) return fail(ErrorCode::unexpected_end_of_section, end_offset());
    T value;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  /// The length of a vector or byte string. Every element takes at least a byte, so a count beyond the
  /// remaining bytes is refused before anything is allocated for it. As in the reference interpreter, whose
  /// choice of error the tests name, the bytes of the number itself still count as remaining: up to `count` -
  /// 1 elements may turn out to be missing. Fails: length_out_of_bounds and those of u32.
  Result<uint32_t> length() {
    const size_t start = offset();
    const size_t available = remaining();
    const uint32_t count = TRY(u32());
    if (count > available) [[unlikely]]
      return fail(ErrorCode::length_out_of_bounds, start,
                  std::to_string(count) + " with " + std::to_string(remaining()) + " bytes left");
    return count;
  }

  /// The length of a byte string, whose bytes are there. Fails: as `length`, and unexpected_end_of_section.
  Result<uint32_t> byte_length() {
    const uint32_t size = TRY(length());
    if (size > remaining()) [[unlikely]]
      return fail(ErrorCode::unexpected_end_of_section, end_offset());
    return size;
  }

  /// A name (spec: Binary Format / Values / Names), as a view of the module. Fails: also malformed_utf8.
  Result<std::string_view> name() {
    const uint32_t size = TRY(byte_length());
    const std::span<const uint8_t> bytes(at_, size);
    if (!base::is_valid_utf8(bytes)) return fail(ErrorCode::malformed_utf8, offset());
    at_ += size;
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), size);
  }

  base::Unexpected<Error> unexpected_end() const {
    return fail(ErrorCode::unexpected_end_of_section, offset());
  }

 private:
  template <class T, unsigned N = sizeof(T) * 8>
  Result<T> leb() {
    // Nearly every number in a module is one byte long.
    if (at_ != end_ && *at_ < 0x80) [[likely]] {
      uint8_t byte = *at_++;
      if constexpr (std::is_signed_v<T>)
        return static_cast<T>(static_cast<T>(byte & 0x3F) - static_cast<T>(byte & 0x40));
      else
        return static_cast<T>(byte);
    }
    const auto number = base::read_leb<T, N>(at_, end_);
    if (number.status != base::LebStatus::ok) [[unlikely]]
      return leb_error(number.status, number.next);
    at_ = number.next;
    return number.value;
  }
  base::Unexpected<Error> leb_error(base::LebStatus status, const uint8_t* where) const {
    const size_t place = static_cast<size_t>(where - origin_);
    switch (status) {
      case base::LebStatus::too_long:
        return fail(ErrorCode::integer_too_long, place);
      case base::LebStatus::too_large:
        return fail(ErrorCode::integer_too_large, place);
      default:
        return fail(ErrorCode::unexpected_end_of_section, place);
    }
  }

  const uint8_t* origin_;
  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace cloche::binary
