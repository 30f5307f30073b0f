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
/// `i32x4` and four hexadecimal lanes.
void put_v128(std::string& out, const std::array<uint8_t, 16>& bytes);
/// A string literal of any bytes. With `utf8`, the bytes are UTF-8 and what is not ASCII stands for itself.
void put_string(std::string& out, std::string_view bytes, bool utf8);
/// "$" and the name, quoted if need be. The name is UTF-8 and not empty.
void put_identifier(std::string& out, std::string_view name);

}  // namespace cloche::text
