#include "text/text_writer.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "text/characters.hpp"

namespace cloche::text {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

template <class T>
void put_chars(std::string& out, T value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), result.ptr);
}

void put_hex(std::string& out, uint64_t value) {
  std::array<char, 16> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, 16);
  out.append("0x").append(buffer.data(), result.ptr);
}

template <class Float, class Bits>
void put_float(std::string& out, Bits bits, unsigned mantissa_bits) {
  constexpr unsigned width = sizeof(Bits) * 8;
  const Bits mantissa = bits & ((Bits{1} << mantissa_bits) - 1);
  const Bits all_ones = (Bits{1} << (width - 1 - mantissa_bits)) - 1;
  if (((bits >> mantissa_bits) & all_ones) != all_ones) return put_chars(out, std::bit_cast<Float>(bits));
  if (bits >> (width - 1)) out += '-';
  if (mantissa == 0) {
    out += "inf";
  } else {
    out += "nan";
    if (mantissa == Bits{1} << (mantissa_bits - 1)) return;
    out += ':';
    put_hex(out, mantissa);
  }
}

}  // namespace

void put_number(std::string& out, uint64_t value) { put_chars(out, value); }
void put_signed(std::string& out, int64_t value) { put_chars(out, value); }
void put_f32(std::string& out, uint32_t bits) { put_float<float>(out, bits, 23); }
void put_f64(std::string& out, uint64_t bits) { put_float<double>(out, bits, 52); }

void put_v128(std::string& out, const std::array<uint8_t, 16>& bytes) {
  out += "i32x4";
  for (size_t lane = 0; lane < 4; ++lane) {
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i) value |= uint32_t{bytes[lane * 4 + i]} << (8 * i);
    out += ' ';
    put_hex(out, value);
  }
}

void put_string(std::string& out, std::string_view bytes, bool utf8) {
  out += '"';
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (is_plain_string_char(c) && (byte < 0x80 || utf8)) {
      out += c;
    } else {
      out += '\\';
      if (c == '"' || c == '\\') {
        out += c;
      } else {
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 15];
      }
    }
  }
  out += '"';
}

void put_identifier(std::string& out, std::string_view name) {
  out += '$';
  if (std::all_of(name.begin(), name.end(), is_idchar))
    out += name;
  else
    put_string(out, name, true);
}

}  // namespace cloche::text
