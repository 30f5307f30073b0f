// Reads debug sections of unknown origin: little-endian values from a range of bytes. Failure is sticky: once
// something is not there, every read gives zero and good() is false, so that a reader checks once at its end.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cloche::symbols::dwarf {

class Cursor {
 public:
  Cursor() = default;
  explicit Cursor(std::span<const uint8_t> bytes, uint64_t at = 0) : bytes_(bytes) { seek(at); }

  bool good() const { return good_; }
  bool at_end() const { return !good_ || at_ == bytes_.size(); }
  uint64_t offset() const { return at_; }
  uint64_t remaining() const { return good_ ? bytes_.size() - at_ : 0; }
  void seek(uint64_t at) {
    if (at > bytes_.size()) return fail();
    at_ = static_cast<size_t>(at);
  }
  void skip(uint64_t count) {
    if (count > remaining()) return fail();
    at_ += static_cast<size_t>(count);
  }
  void fail() { good_ = false; }
  /// Forgets what lies behind `end`.
  void limit(uint64_t end) {
    if (end < at_ || end > bytes_.size()) return fail();
    bytes_ = bytes_.first(static_cast<size_t>(end));
  }

  /// An unsigned number of 1 to 8 bytes.
  uint64_t fixed(unsigned size) {
    if (size > remaining()) {
      fail();
      return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= uint64_t{bytes_[at_ + i]} << (8 * i);
    at_ += size;
    return value;
  }
  uint8_t u8() { return static_cast<uint8_t>(fixed(1)); }
  uint16_t u16() { return static_cast<uint16_t>(fixed(2)); }
  uint32_t u32() { return static_cast<uint32_t>(fixed(4)); }

  /// LEB128 as producers write it: padding is fine, bits beyond 64 are dropped.
  uint64_t uleb() { return leb().value; }
  int64_t sleb() {
    const Leb number = leb();
    if (!number.negative || number.bits >= 64) return static_cast<int64_t>(number.value);
    return static_cast<int64_t>(number.value | (~uint64_t{0} << number.bits));
  }

  /// Bytes up to the next zero, which is skipped.
  std::string_view c_string() {
    size_t end = at_;
    while (good_ && end < bytes_.size() && bytes_[end] != 0) ++end;
    if (!good_ || end == bytes_.size()) {
      fail();
      return {};
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data()) + at_, end - at_);
    at_ = end + 1;
    return text;
  }

 private:
  struct Leb {
    uint64_t value = 0;
    unsigned bits = 0;
    bool negative = false;
  };
  Leb leb() {
    Leb number;
    for (;;) {
      const uint8_t byte = u8();
      if (!good_) return {};
      if (number.bits < 64) number.value |= uint64_t{byte & 0x7Fu} << number.bits;
      if (number.bits < 70) number.bits += 7;
      if ((byte & 0x80) == 0) {
        number.negative = (byte & 0x40) != 0;
        return number;
      }
    }
  }

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  bool good_ = true;
};

}  // namespace cloche::symbols::dwarf
