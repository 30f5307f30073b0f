// Lines that say what the bytes of a module mean, as wabt prints them while it writes one: sizes are a guess
// of one byte first, and put right when their section or function is complete; offsets are those of that
// moment.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

namespace cloche::cli {

/// Moves through the bytes of a well-formed module.
class ByteLines {
 public:
  /// `padded` modules have sizes of five bytes, which no guess can miss.
  ByteLines(std::span<const uint8_t> bytes, bool padded, std::FILE* stream)
      : bytes_(bytes), padded_(padded), stream_(stream) {}

  bool at(size_t end) const { return at_ >= end; }
  size_t position() const { return at_; }
  uint8_t peek() const { return at_ < bytes_.size() ? bytes_[at_] : 0; }

  /// "; section "Type" (1)".
  void heading(std::string_view text);
  /// The next `size` bytes, with their printable characters if asked.
  void data(size_t size, std::string_view meaning, bool with_chars = false);
  uint8_t byte(std::string_view meaning);
  /// A LEB128 number, which may be longer than its value needs.
  uint64_t leb(std::string_view meaning);
  /// A length and as many bytes.
  void string(std::string_view meaning);

  /// The size of what follows, still a guess. Returns the end of that.
  size_t begin_size(std::string_view meaning);
  /// Puts the innermost size right, at the end of what it counts.
  void end_size(std::string_view meaning);

 private:
  struct OpenSize {
    size_t field;      // where the number stands
    size_t leb_bytes;  // how long it is
    size_t shown;      // the offset that it was shown with
  };
  static constexpr size_t padded_bytes = 5;
  size_t guess_bytes() const { return padded_ ? padded_bytes : 1; }
  size_t leb_size() const;
  void line(size_t shown, std::span<const uint8_t> bytes, std::string_view meaning, bool with_chars);

  std::span<const uint8_t> bytes_;
  bool padded_;
  std::FILE* stream_;
  size_t at_ = 0;
  size_t shift_ = 0;  // how much shorter the guesses of the open sizes are
  std::vector<OpenSize> open_;
};

}  // namespace cloche::cli
