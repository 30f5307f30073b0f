// Values from text.
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include "api/error.hpp"
#include "cloche/value.hpp"
#include "text/number.hpp"

namespace cloche {
namespace {

using text::NumberStatus;

constexpr std::string_view nan_prefix = "nan:0x";

/// How lanes of a vector are read.
struct Shape {
  std::string_view name;
  uint32_t lane_bytes;
  bool is_float;
};
constexpr Shape shapes[] = {{"i8x16", 1, false}, {"i16x8", 2, false}, {"i32x4", 4, false},
                            {"i64x2", 8, false}, {"f32x4", 4, true},  {"f64x2", 8, true}};

Error refuse(std::string_view word, std::string_view why) {
  return detail::usage_error("'" + std::string(word) + "' " + std::string(why));
}

/// The bits of "nan:0x…" when they are those of a whole number of this size and it is a NaN.
std::optional<uint64_t> whole_nan(std::string_view word, uint32_t bytes) {
  if (!word.starts_with(nan_prefix)) return std::nullopt;
  uint64_t bits = 0;
  if (text::parse_natural(word.substr(4), bytes == 4 ? ~uint32_t{0} : ~uint64_t{0}, bits) != NumberStatus::ok)
    return std::nullopt;
  const bool is_nan = bytes == 4 ? std::isnan(std::bit_cast<float>(static_cast<uint32_t>(bits)))
                                 : std::isnan(std::bit_cast<double>(bits));
  return is_nan ? std::optional(bits) : std::nullopt;
}

Result<uint64_t> parse_integer(std::string_view word, uint32_t bytes) {
  uint64_t value = 0;
  const std::string type = "i" + std::to_string(8 * bytes);
  switch (text::parse_integer(word, 8 * bytes, value)) {
    case NumberStatus::ok:
      return value;
    case NumberStatus::out_of_range:
      return Unexpected{refuse(word, "is out of range for " + type)};
    case NumberStatus::malformed:
      break;
  }
  return Unexpected{refuse(word, "is not an " + type + ", such as 12, -1 or 0x10")};
}

Result<uint64_t> parse_float(std::string_view word, uint32_t bytes) {
  if (const auto nan = whole_nan(word, bytes)) return *nan;
  uint64_t bits = 0;
  uint32_t narrow = 0;
  const NumberStatus status = bytes == 4 ? text::parse_f32(word, narrow) : text::parse_f64(word, bits);
  if (bytes == 4) bits = narrow;
  const std::string type = "f" + std::to_string(8 * bytes);
  switch (status) {
    case NumberStatus::ok:
      return bits;
    case NumberStatus::out_of_range:
      return Unexpected{refuse(word, "is out of range for " + type)};
    case NumberStatus::malformed:
      break;
  }
  return Unexpected{refuse(word, "is not an " + type + ", such as 1.5, -inf or nan:0x" +
                                     (bytes == 4 ? "7fc00000" : "7ff8000000000000"))};
}

const Shape* find_shape(std::string_view name) {
  for (const Shape& shape : shapes)
    if (shape.name == name) return &shape;
  return nullptr;
}

Result<Value> parse_lanes(std::string_view word, const Shape& shape) {
  V128 vector;
  std::string_view rest = word.substr(shape.name.size() + 1);
  for (uint32_t at = 0; at < vector.bytes.size(); at += shape.lane_bytes) {
    const bool is_last = at + shape.lane_bytes == vector.bytes.size();
    const size_t comma = rest.find(',');
    if ((comma == std::string_view::npos) != is_last)
      return Unexpected{
          refuse(word, "needs " + std::to_string(vector.bytes.size() / shape.lane_bytes) + " lanes")};
    const std::string_view lane = rest.substr(0, comma);
    const auto bits =
        shape.is_float ? parse_float(lane, shape.lane_bytes) : parse_integer(lane, shape.lane_bytes);
    if (!bits) return Unexpected{bits.error()};
    std::memcpy(vector.bytes.data() + at, &*bits, shape.lane_bytes);
    if (!is_last) rest.remove_prefix(comma + 1);
  }
  return Value(vector);
}

Result<Value> parse_vector(std::string_view word) {
  const size_t colon = word.find(':');
  const Shape* shape = colon == std::string_view::npos ? nullptr : find_shape(word.substr(0, colon));
  if (shape == nullptr) return Unexpected{refuse(word, "is not a v128, such as i32x4:1,2,3,4")};
  return parse_lanes(word, *shape);
}

Result<Value> parse_number(ValueKind kind, std::string_view word) {
  const bool is_float = kind == ValueKind::f32 || kind == ValueKind::f64;
  const uint32_t bytes = kind == ValueKind::i32 || kind == ValueKind::f32 ? 4 : 8;
  const auto bits = is_float ? parse_float(word, bytes) : parse_integer(word, bytes);
  if (!bits) return Unexpected{bits.error()};
  if (kind == ValueKind::i32) return Value(static_cast<uint32_t>(*bits));
  if (kind == ValueKind::i64) return Value(*bits);
  return kind == ValueKind::f32 ? Value::f32_bits(static_cast<uint32_t>(*bits)) : Value::f64_bits(*bits);
}

}  // namespace

Result<Value> Value::parse(const ValueType& type, std::string_view word) {
  if (type.kind == ValueKind::v128) return parse_vector(word);
  if (type.kind != ValueKind::ref) return parse_number(type.kind, word);
  if (word == "null") return Value(Ref());
  return Unexpected{refuse(word, "is not a " + type.text + " that can be written down; only null is")};
}

}  // namespace cloche
