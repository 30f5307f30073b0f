#include "text/text_writer.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/hex_float.hpp"
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

template <class Bits>
constexpr unsigned width_of = sizeof(Bits) * 8;

template <class Bits>
constexpr Bits mantissa_of(Bits bits, unsigned mantissa_bits) {
  return bits & ((Bits{1} << mantissa_bits) - 1);
}

template <class Bits>
constexpr Bits exponent_of(Bits bits, unsigned mantissa_bits) {
  return (bits >> mantissa_bits) & ((Bits{1} << (width_of<Bits> - 1 - mantissa_bits)) - 1);
}

// Infinities and NaNs. False for other numbers.
template <class Bits>
bool put_special(std::string& out, Bits bits, unsigned mantissa_bits) {
  const Bits mantissa = mantissa_of(bits, mantissa_bits);
  const Bits all_ones = (Bits{1} << (width_of<Bits> - 1 - mantissa_bits)) - 1;
  if (exponent_of(bits, mantissa_bits) != all_ones) return false;
  if (bits >> (width_of<Bits> - 1)) out += '-';
  out += mantissa == 0 ? "inf" : "nan";
  if (mantissa == 0 || mantissa == Bits{1} << (mantissa_bits - 1)) return true;
  out += ':';
  put_hex(out, mantissa);
  return true;
}

template <class Float, class Bits>
void put_float(std::string& out, Bits bits, unsigned mantissa_bits) {
  if (!put_special(out, bits, mantissa_bits)) put_chars(out, std::bit_cast<Float>(bits));
}

template <class Float, class Bits>
void put_float_short(std::string& out, Bits bits) {
  const Float value = std::bit_cast<Float>(bits);
  if (value != value) {
    out += bits >> (width_of<Bits> - 1) ? "-nan" : "nan";
    return;
  }
  std::array<char, 32> buffer;
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 6);
  out.append(buffer.data(), result.ptr);
}

}  // namespace

void put_number(std::string& out, uint64_t value) { put_chars(out, value); }
void put_signed(std::string& out, int64_t value) { put_chars(out, value); }
void put_f32(std::string& out, uint32_t bits) { put_float<float>(out, bits, 23); }
void put_f64(std::string& out, uint64_t bits) { put_float<double>(out, bits, 52); }

void put_f32_hex(std::string& out, uint32_t bits) { out += base::hex_f32(bits); }
void put_f64_hex(std::string& out, uint64_t bits) { out += base::hex_f64(bits); }
void put_f32_short(std::string& out, uint32_t bits) { put_float_short<float>(out, bits); }
void put_f64_short(std::string& out, uint64_t bits) { put_float_short<double>(out, bits); }

void put_v128(std::string& out, const std::array<uint8_t, 16>& bytes, bool padded) {
  out += "i32x4";
  for (size_t lane = 0; lane < 4; ++lane) {
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i) value |= uint32_t{bytes[lane * 4 + i]} << (8 * i);
    out += ' ';
    if (!padded) {
      put_hex(out, value);
      continue;
    }
    out += "0x";
    for (int shift = 28; shift >= 0; shift -= 4) out += hex_digits[(value >> shift) & 15];
  }
}

void put_string_bytes(std::string& out, std::string_view bytes, StringStyle style) {
  const auto is_plain = [style](char c) {
    return is_plain_string_char(c) && (static_cast<uint8_t>(c) < 0x80 || style == StringStyle::utf8);
  };
  for (size_t at = 0; at < bytes.size();) {
    size_t end = at;
    while (end < bytes.size() && is_plain(bytes[end])) ++end;
    out.append(bytes, at, end - at);
    at = end;
    if (at == bytes.size()) break;
    const char c = bytes[at++];
    out += '\\';
    if (style != StringStyle::hex && (c == '"' || c == '\\')) {
      out += c;
    } else {
      out += hex_digits[static_cast<uint8_t>(c) >> 4];
      out += hex_digits[static_cast<uint8_t>(c) & 15];
    }
  }
}

void put_string(std::string& out, std::string_view bytes, bool utf8) {
  out += '"';
  put_string_bytes(out, bytes, utf8 ? StringStyle::utf8 : StringStyle::ascii);
  out += '"';
}

void put_escaped(std::string& out, std::string_view bytes) {
  out += '"';
  put_string_bytes(out, bytes, StringStyle::hex);
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
