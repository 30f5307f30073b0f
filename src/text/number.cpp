#include "text/number.hpp"

#include <bit>
#include <charconv>
#include <string>

#include "text/characters.hpp"

namespace cloche::text {
namespace {

bool is_digit_of(char c, bool hex) { return hex ? hex_digit(c) >= 0 : is_digit(c); }

// Removes digits with single underscores between them from the front of `text`; empty when there are none.
std::string_view take_digits(std::string_view& text, bool hex) {
  size_t i = 0;
  while (i < text.size()) {
    if (is_digit_of(text[i], hex))
      ++i;
    else if (text[i] == '_' && i > 0 && text[i - 1] != '_' && i + 1 < text.size() &&
             is_digit_of(text[i + 1], hex))
      ++i;
    else
      break;
  }
  const std::string_view digits = text.substr(0, i);
  text.remove_prefix(i);
  return digits;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_sign(std::string_view& text) {
  if (take(text, "-")) return true;
  take(text, "+");
  return false;
}

// A finite literal taken apart. `exponent` keeps its sign.
struct Literal {
  bool hex = false;
  bool has_point = false;
  bool has_exponent = false;
  std::string_view whole;
  std::string_view fraction;
  bool exponent_negative = false;
  std::string_view exponent;
};

// Takes a finite literal without sign apart; false when `text` is none.
bool split(std::string_view text, Literal& literal) {
  literal.hex = take(text, "0x");
  literal.whole = take_digits(text, literal.hex);
  if (literal.whole.empty()) return false;
  literal.has_point = take(text, ".");
  if (literal.has_point) literal.fraction = take_digits(text, literal.hex);
  if (!text.empty() && (text[0] == (literal.hex ? 'p' : 'e') || text[0] == (literal.hex ? 'P' : 'E'))) {
    text.remove_prefix(1);
    literal.has_exponent = true;
    literal.exponent_negative = take_sign(text);
    literal.exponent = take_digits(text, false);
    if (literal.exponent.empty()) return false;
  }
  return text.empty();
}

bool has_nan_payload(std::string_view text) {
  return take(text, "nan:0x") && !take_digits(text, true).empty() && text.empty();
}

// Digits without underscores, as a number of at most `max`.
NumberStatus digits_value(std::string_view digits, bool hex, uint64_t max, uint64_t& value) {
  const uint64_t base = hex ? 16 : 10;
  value = 0;
  for (const char c : digits) {
    if (c == '_') continue;
    const uint64_t digit = static_cast<uint64_t>(hex_digit(c));
    if (digit > max || value > (max - digit) / base) return NumberStatus::out_of_range;
    value = value * base + digit;
  }
  return value <= max ? NumberStatus::ok : NumberStatus::out_of_range;
}

// The exponent as written, held within bounds far beyond those of any representable number.
int64_t exponent_value(const Literal& literal) {
  constexpr uint64_t bound = uint64_t{1} << 40;
  uint64_t value = 0;
  if (digits_value(literal.exponent, false, bound, value) != NumberStatus::ok) value = bound;
  return literal.exponent_negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
}

template <class Bits>
struct Format;
template <>
struct Format<uint32_t> {
  using Float = float;
  static constexpr int precision = 24;
  static constexpr int min_exponent = -126;
  static constexpr int max_exponent = 127;
};
template <>
struct Format<uint64_t> {
  using Float = double;
  static constexpr int precision = 53;
  static constexpr int min_exponent = -1022;
  static constexpr int max_exponent = 1023;
};
template <class Bits>
constexpr Bits infinity = static_cast<Bits>((Bits{1} << (sizeof(Bits) * 8 - Format<Bits>::precision)) - 1)
                          << (Format<Bits>::precision - 1);

// mantissa * 2^exponent, plus something below its last bit when sticky, rounded to nearest even.
template <class Bits>
NumberStatus round(uint64_t mantissa, bool sticky, int64_t exponent, Bits& bits) {
  using F = Format<Bits>;
  bits = 0;
  if (mantissa == 0) return NumberStatus::ok;
  const int zeros = std::countl_zero(mantissa);
  mantissa <<= zeros;
  const int64_t top = exponent - zeros + 63;  // the value lies in [2^top, 2^(top+1))
  if (top > F::max_exponent) return NumberStatus::out_of_range;
  const bool normal = top >= F::min_exponent;
  const int64_t shift = 64 - F::precision + (normal ? 0 : F::min_exponent - top);
  if (shift > 64) return NumberStatus::ok;
  uint64_t kept = shift == 64 ? 0 : mantissa >> shift;
  const uint64_t rest = shift == 64 ? mantissa : mantissa & ((uint64_t{1} << shift) - 1);
  const uint64_t half = uint64_t{1} << (shift - 1);
  if (rest > half || (rest == half && (sticky || (kept & 1)))) ++kept;
  // A carry out of the mantissa increments the exponent, as it should.
  const uint64_t biased = normal ? static_cast<uint64_t>(top - F::min_exponent) : 0;
  bits = static_cast<Bits>((biased << (F::precision - 1)) + kept);
  return bits >= infinity<Bits> ? NumberStatus::out_of_range : NumberStatus::ok;
}

template <class Bits>
NumberStatus parse_hex_float(const Literal& literal, Bits& bits) {
  uint64_t mantissa = 0;
  bool sticky = false;
  int64_t exponent = exponent_value(literal);
  const auto add = [&](std::string_view digits, int64_t weight) {
    for (const char c : digits) {
      if (c == '_') continue;
      const uint64_t digit = static_cast<uint64_t>(hex_digit(c));
      if (mantissa >> 60) {
        sticky |= digit != 0;
        exponent += 4 + weight;
      } else {
        mantissa = mantissa << 4 | digit;
        exponent += weight;
      }
    }
  };
  add(literal.whole, 0);
  add(literal.fraction, -4);
  return round(mantissa, sticky, exponent, bits);
}

// True when the decimal literal, which is beyond the format's range, is large rather than small.
bool is_large(const Literal& literal) {
  int64_t point = 0;  // decimal exponent of the first digit that is not zero
  bool found = false;
  for (const char c : literal.whole) {
    if (c == '_') continue;
    if (found) ++point;
    found |= c != '0';
  }
  if (!found) {
    for (const char c : literal.fraction) {
      if (c == '_') continue;
      --point;
      if (c != '0') {
        found = true;
        break;
      }
    }
  }
  return found && point + exponent_value(literal) > 0;
}

template <class Bits>
NumberStatus parse_decimal_float(std::string_view text, const Literal& literal, Bits& bits) {
  std::string plain;
  if (text.find('_') != std::string_view::npos) {
    for (const char c : text)
      if (c != '_') plain.push_back(c);
    text = plain;
  }
  typename Format<Bits>::Float value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  bits = std::bit_cast<Bits>(value);
  if (result.ec == std::errc::result_out_of_range) {
    if (is_large(literal)) return NumberStatus::out_of_range;
    bits = 0;
  }
  return bits >= infinity<Bits> ? NumberStatus::out_of_range : NumberStatus::ok;
}

template <class Bits>
NumberStatus parse_magnitude(std::string_view text, Bits& bits) {
  constexpr Bits quiet = Bits{1} << (Format<Bits>::precision - 2);
  if (text == "inf") {
    bits = infinity<Bits>;
    return NumberStatus::ok;
  }
  if (text == "nan") {
    bits = infinity<Bits> | quiet;
    return NumberStatus::ok;
  }
  if (has_nan_payload(text)) {
    uint64_t payload = 0;
    const auto status = digits_value(text.substr(6), true, uint64_t{quiet} * 2 - 1, payload);
    if (status != NumberStatus::ok || payload == 0) return NumberStatus::out_of_range;
    bits = infinity<Bits> | static_cast<Bits>(payload);
    return NumberStatus::ok;
  }
  Literal literal;
  if (!split(text, literal)) return NumberStatus::malformed;
  return literal.hex ? parse_hex_float(literal, bits) : parse_decimal_float(text, literal, bits);
}

template <class Bits>
NumberStatus parse_float(std::string_view text, Bits& bits) {
  const bool negative = take_sign(text);
  const NumberStatus status = parse_magnitude(text, bits);
  if (negative) bits |= Bits{1} << (sizeof(Bits) * 8 - 1);
  return status;
}

}  // namespace

NumberShape number_shape(std::string_view text) {
  const size_t size = text.size();
  take_sign(text);
  if (text == "inf" || text == "nan" || has_nan_payload(text)) return NumberShape::real;
  Literal literal;
  if (!split(text, literal)) return NumberShape::none;
  if (literal.has_point || literal.has_exponent) return NumberShape::real;
  return text.size() == size ? NumberShape::natural : NumberShape::integer;
}

NumberStatus parse_natural(std::string_view text, uint64_t max, uint64_t& value) {
  // Nearly all literals are a few decimal digits.
  if (text.size() <= 9) {
    uint64_t small = 0;
    size_t i = 0;
    for (; i < text.size() && is_digit(text[i]); ++i)
      small = small * 10 + static_cast<uint64_t>(text[i] - '0');
    if (i == text.size() && i > 0) {
      value = small;
      return small <= max ? NumberStatus::ok : NumberStatus::out_of_range;
    }
  }
  const bool hex = take(text, "0x");
  const std::string_view digits = take_digits(text, hex);
  if (digits.empty() || !text.empty()) return NumberStatus::malformed;
  return digits_value(digits, hex, max, value);
}

NumberStatus parse_integer(std::string_view text, unsigned bits, uint64_t& value) {
  const uint64_t all = ~uint64_t{0} >> (64 - bits);
  const uint64_t sign_bit = uint64_t{1} << (bits - 1);
  const bool is_signed = !text.empty() && (text[0] == '+' || text[0] == '-');
  const bool negative = take_sign(text);
  const NumberStatus status = parse_natural(text,
                                            negative    ? sign_bit
                                            : is_signed ? sign_bit - 1
                                                        : all,
                                            value);
  if (negative) value = (uint64_t{0} - value) & all;
  return status;
}

NumberStatus parse_f32(std::string_view text, uint32_t& bits) { return parse_float(text, bits); }
NumberStatus parse_f64(std::string_view text, uint64_t& bits) { return parse_float(text, bits); }

}  // namespace cloche::text
