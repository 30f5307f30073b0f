// Text on its way out: a buffer that is filled by hand and handed on in large pieces. Writers of many short
// lines use it instead of stdio, whose formatting costs more than all else they do.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace cloche::base {

class Output {
 public:
  /// Takes a piece of the output; false when it could not be written. Nothing more is handed on then.
  using Sink = bool (*)(void* context, std::string_view piece);

  Output(Sink sink, void* context) : sink_(sink), context_(context) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// At most this many bytes can be reserved at once.
  static constexpr size_t max_reserved = 1024;

  /// Room for `size` (up to max_reserved) bytes to be written by hand; `commit` says how far they reach.
  char* reserve(size_t size) {
    if (static_cast<size_t>(end_ - at_) < size) [[unlikely]]
      make_room();
    return at_;
  }
  void commit(char* end) { at_ = end; }

  void put(char c) {
    char* to = reserve(1);
    *to++ = c;
    commit(to);
  }
  void put(std::string_view text) {
    if (text.size() <= max_reserved) [[likely]] {
      char* to = reserve(text.size());
      text.copy(to, text.size());  // an empty one may be at null, which memcpy does not take
      commit(to + text.size());
    } else {
      put_long(text);
    }
  }
  template <class... Parts>
    requires(sizeof...(Parts) > 1)
  void put(Parts... parts) {
    (put_part(parts), ...);
  }
  void spaces(size_t count);
  void decimal(uint64_t value);
  void signed_decimal(int64_t value);
  /// Hexadecimal in lower case, with zeros in front up to `width` (at most 16) digits.
  void hex(uint64_t value, unsigned width = 1);

  /// Hands on what is in the buffer. False when this or an earlier piece could not be written.
  bool flush();
  /// How many bytes were put so far.
  uint64_t size() const { return handed_on_ + static_cast<uint64_t>(at_ - buffer_.get()); }

  /// The text of a decimal number at `to`; returns its end. At most 20 bytes.
  static char* write_decimal(char* to, uint64_t value);

 private:
  static constexpr size_t capacity = size_t{64} << 10;

  void put_part(char c) { put(c); }
  void put_part(std::string_view text) { put(text); }
  void put_part(uint64_t value) { decimal(value); }
  void put_part(uint32_t value) { decimal(value); }
  void put_part(const char* text) { put(std::string_view(text)); }
  void put_part(const std::string& text) { put(std::string_view(text)); }
  void make_room();
  void put_long(std::string_view text);

  Sink sink_;
  void* context_;
  std::unique_ptr<char[]> buffer_{new char[capacity]};
  char* at_ = buffer_.get();
  char* end_ = buffer_.get() + capacity;
  uint64_t handed_on_ = 0;
  bool failed_ = false;
};

/// An Output whose text ends up in a string.
class StringOutput : public Output {
 public:
  StringOutput() : Output(&append, this) {}
  /// All that was put.
  const std::string& text() {
    flush();
    return text_;
  }

 private:
  static bool append(void* self, std::string_view piece) {
    static_cast<StringOutput*>(self)->text_ += piece;
    return true;
  }
  std::string text_;
};

}  // namespace cloche::base
