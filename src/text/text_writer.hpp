// Writes the lexical items of the text format: strings, identifiers, numbers, types without identifiers.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cloche::text {

void put_number(std::string& out, uint64_t value);
void put_signed(std::string& out, int64_t value);
/// The shortest decimal literal that reads back as the same bits, or inf or a NaN with its payload.
void put_f32(std::string& out, uint32_t bits);
void put_f64(std::string& out, uint64_t bits);
/// The same number exactly, as a hexadecimal literal with an exponent: 0x1.8p+1, inf, -nan:0x200000.
void put_f32_hex(std::string& out, uint32_t bits);
void put_f64_hex(std::string& out, uint64_t bits);
/// Six significant decimal digits, as C's "%g" prints them.
void put_f32_short(std::string& out, uint32_t bits);
void put_f64_short(std::string& out, uint64_t bits);
/// `i32x4` and four hexadecimal lanes; with `padded`, of eight digits each.
void put_v128(std::string& out, const std::array<uint8_t, 16>& bytes, bool padded = false);

/// Which bytes of a string stand for themselves. All others become \hh.
enum class StringStyle : uint8_t {
  utf8,   // all that may; the bytes are UTF-8
  ascii,  // what is printable in ASCII; a backslash goes before quotes and backslashes
  hex,    // the same, but these are given in hexadecimal, too
};
/// The inside of a string literal.
void put_string_bytes(std::string& out, std::string_view bytes, StringStyle style);
/// A string literal of any bytes. With `utf8`, the bytes are UTF-8 and what is not ASCII stands for itself.
void put_string(std::string& out, std::string_view bytes, bool utf8);
/// A string literal as wabt writes it: StringStyle::hex.
void put_escaped(std::string& out, std::string_view bytes);
/// "$" and the name, quoted if need be. The name is UTF-8 and not empty.
void put_identifier(std::string& out, std::string_view name);

}  // namespace cloche::text
