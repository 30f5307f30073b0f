// Number immediates.
#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;

// Makes an error of a literal that could not be read.
Status Assembler::check_number(NumberStatus status, const Token& token, ErrorCode too_large) {
  if (status == NumberStatus::ok) return {};
  if (status == NumberStatus::out_of_range) return fail(too_large, token.offset, excerpt(lexer_.text(token)));
  return report_unexpected(lexer_, token, token, errors_);
}

Parsed<uint64_t> Assembler::natural(const Token& token, uint64_t max, ErrorCode too_large) {
  uint64_t value = 0;
  if (token.kind != TokenKind::number) return report_unexpected(lexer_, token, token, errors_);
  if (lexer_.short_natural(token, value) && value <= max) [[likely]]
    return value;
  TRY(check_number(parse_natural(lexer_.text(token), max, value), token, too_large));
  return value;
}

Parsed<uint32_t> Assembler::parse_u32() {
  if (tok_.kind != TokenKind::number) return unexpected();
  const uint64_t value = TRY(natural(tok_, 0xFFFFFFFF, ErrorCode::i32_constant_out_of_range));
  TRY(advance());
  return static_cast<uint32_t>(value);
}

Parsed<uint64_t> Assembler::parse_u64() {
  if (tok_.kind != TokenKind::number) return unexpected();
  const uint64_t value = TRY(natural(tok_, ~uint64_t{0}, ErrorCode::i64_constant_out_of_range));
  TRY(advance());
  return value;
}

Parsed<uint64_t> Assembler::parse_int(unsigned bits) {
  const uint64_t value = TRY(int_value(tok_, bits));
  TRY(advance());
  return value;
}

Parsed<uint64_t> Assembler::int_value(const Token& token, unsigned bits) {
  if (token.kind != TokenKind::number) return report_unexpected(lexer_, token, token, errors_);
  uint64_t value = 0;
  if (bits >= 32 && lexer_.short_natural(token, value)) return value;
  TRY(check_number(parse_integer(lexer_.text(token), bits, value), token, ErrorCode::constant_out_of_range));
  return value;
}

Parsed<uint64_t> Assembler::parse_float(unsigned bits) {
  const uint64_t value = TRY(float_value(tok_, bits));
  TRY(advance());
  return value;
}

Parsed<uint64_t> Assembler::float_value(const Token& token, unsigned bits) {
  if (token.kind != TokenKind::number && token.kind != TokenKind::word)
    return report_unexpected(lexer_, token, token, errors_);
  uint64_t value = 0;
  NumberStatus status;
  if (bits == 32) {
    uint32_t single = 0;
    status = parse_f32(lexer_.text(token), single);
    value = single;
  } else {
    status = parse_f64(lexer_.text(token), value);
  }
  TRY(check_number(status, token, ErrorCode::constant_out_of_range));
  return value;
}

Status Assembler::emit_const(wasm::Imm kind) {
  switch (kind) {
    case wasm::Imm::i32:
      signed_leb(static_cast<int32_t>(TRY(parse_int(32))));
      return {};
    case wasm::Imm::i64:
      signed_leb(static_cast<int64_t>(TRY(parse_int(64))));
      return {};
    case wasm::Imm::f32:
      little_endian(TRY(parse_float(32)), 4);
      return {};
    case wasm::Imm::f64:
      little_endian(TRY(parse_float(64)), 8);
      return {};
    default:
      return emit_v128();
  }
}

Status Assembler::emit_v128() {
  unsigned lanes = 0;
  if (tok_.kind != TokenKind::word) return unexpected();
  const Word shape = tok_.word;
  switch (shape) {
    case Word::i8x16:
      lanes = 16;
      break;
    case Word::i16x8:
      lanes = 8;
      break;
    case Word::i32x4:
    case Word::f32x4:
      lanes = 4;
      break;
    case Word::i64x2:
    case Word::f64x2:
      lanes = 2;
      break;
    default:
      return unexpected();
  }
  const unsigned bits = 128 / lanes;
  const uint32_t offset = tok_.offset;
  TRY(advance());
  // The number of literals is checked before the literals are.
  std::array<Token, 16> literals;
  unsigned count = 0;
  for (; tok_.kind == TokenKind::number || is_float_word(); ++count) {
    if (count == lanes)
      return fail(ErrorCode::wrong_lane_literals, offset, "more than " + std::to_string(lanes));
    literals[count] = tok_;
    TRY(advance());
  }
  if (is_unknown_token(lexer_, tok_)) return unexpected();
  if (count != lanes)
    return fail(ErrorCode::wrong_lane_literals, offset,
                std::to_string(count) + " of " + std::to_string(lanes));
  const bool is_float = shape == Word::f32x4 || shape == Word::f64x2;
  for (const Token& literal : std::span(literals).first(lanes))
    little_endian(is_float ? TRY(float_value(literal, bits)) : TRY(int_value(literal, bits)), bits / 8);
  return {};
}

// inf, nan and nan with a payload begin like keywords.
bool Assembler::is_float_word() const {
  return tok_.kind == TokenKind::word && (text().starts_with("nan") || tok_.word == Word::inf);
}

// The sixteen lanes of i8x16.shuffle. Here any other number counts as out of range.
Status Assembler::emit_shuffle() {
  const uint32_t offset = tok_.offset;
  unsigned count = 0;
  for (; tok_.kind == TokenKind::number || is_float_word(); ++count) {
    if (count == 16) return fail(ErrorCode::invalid_lane_length, offset, "more than 16");
    const NumberShape shape = number_shape(text());
    if (shape == NumberShape::integer || shape == NumberShape::real)
      return fail(ErrorCode::i8_constant_out_of_range, tok_.offset, excerpt(text()));
    byte(TRY(parse_lane(tok_)));
    TRY(advance());
  }
  if (count != 16) return fail(ErrorCode::invalid_lane_length, offset, std::to_string(count) + " of 16");
  return {};
}

Parsed<uint8_t> Assembler::parse_lane(const Token& token) {
  return static_cast<uint8_t>(TRY(natural(token, 255, ErrorCode::i8_constant_out_of_range)));
}

}  // namespace cloche::text
