#include "script/match.hpp"

#include <algorithm>
#include <cstring>

#include "script/value_text.hpp"

namespace cloche::script {
namespace {

using runtime::Store;
using runtime::Value;
using text::LaneShape;
using text::NumberPattern;
using text::ResultPattern;
using wasm::AbsHeap;
using wasm::ValType;

/// Spec: Numerics / NaN Propagation. `quiet` is the payload's top bit, `sign` the sign bit.
bool matches_bits(uint64_t bits, NumberPattern pattern, uint64_t wanted, unsigned width) {
  const uint64_t sign = uint64_t{1} << (width - 1);
  const uint64_t canonical = width == 32 ? 0x7FC00000 : 0x7FF8000000000000;
  switch (pattern) {
    case NumberPattern::bits:
      return bits == wanted;
    case NumberPattern::nan_canonical:
      return (bits & ~sign) == canonical;
    case NumberPattern::nan_arithmetic:
      return (bits & canonical) == canonical;
  }
  return false;
}

bool matches_vector(const Value& value, const ResultPattern& pattern) {
  const uint64_t halves[2] = {value.bits(), value.high_bits()};
  std::array<uint8_t, 16> bytes;
  std::memcpy(bytes.data(), halves, 16);
  if (pattern.shape != LaneShape::f32x4 && pattern.shape != LaneShape::f64x2) return bytes == pattern.bytes;
  const unsigned width = text::lane_bits(pattern.shape);
  const unsigned size = width / 8;
  for (unsigned lane = 0; lane < 16 / size; ++lane) {
    uint64_t found = 0;
    uint64_t wanted = 0;
    std::memcpy(&found, bytes.data() + lane * size, size);
    std::memcpy(&wanted, pattern.bytes.data() + lane * size, size);
    if (!matches_bits(found, pattern.lane_patterns[lane], wanted, width)) return false;
  }
  return true;
}

bool has_heap_type(Store& store, const Value& value, wasm::HeapType heap) {
  // A concrete index means nothing outside its module; then only the reference itself counts.
  return heap.is_concrete() || store.matches(value, ValType::ref(heap, true));
}

bool matches_one(Store& store, const Value& value, const ResultPattern& pattern) {
  using Kind = ResultPattern::Kind;
  switch (pattern.kind) {
    case Kind::number:
      return value.type() == pattern.type &&
             matches_bits(value.bits(), pattern.pattern, pattern.bits,
                          pattern.type == ValType::f32() || pattern.type == ValType::i32() ? 32 : 64);
    case Kind::vector:
      return value.type().is_vec() && matches_vector(value, pattern);
    case Kind::ref_null:
      return value.is_null() && (!pattern.has_heap || has_heap_type(store, value, pattern.heap));
    case Kind::ref:
      return value.is_ref() && !value.is_null() &&
             (!pattern.has_heap || has_heap_type(store, value, pattern.heap));
    case Kind::ref_extern:
      if (!value.is_ref() || value.is_null() || !store.matches(value, ValType::externref())) return false;
      return !pattern.has_number || Store::extern_payload(value) == pattern.bits;
    case Kind::ref_host:
      return value.is_ref() && !value.is_null() && store.matches(value, ValType::anyref()) &&
             Store::extern_payload(value) == pattern.bits;
    case Kind::either:
      return std::any_of(pattern.alternatives.begin(), pattern.alternatives.end(),
                         [&](const ResultPattern& each) { return matches_one(store, value, each); });
  }
  return false;
}

}  // namespace

std::optional<std::string> match(Store& store, std::span<const Value> results,
                                 std::span<const ResultPattern> patterns) {
  if (results.size() != patterns.size())
    return "result length mismatch in assert_return: expected " + std::to_string(patterns.size()) + ", got " +
           std::to_string(results.size());
  for (size_t i = 0; i < results.size(); ++i)
    if (!matches_one(store, results[i], patterns[i]))
      return "mismatch in result " + std::to_string(i) + " of assert_return: expected " +
             pattern_text(patterns[i]) + ", got " + value_text(results[i]);
  return std::nullopt;
}

Value number_value(ValType type, uint64_t bits) {
  if (type == ValType::i32()) return Value::i32(static_cast<uint32_t>(bits));
  if (type == ValType::i64()) return Value::i64(bits);
  if (type == ValType::f32()) return Value::f32_bits(static_cast<uint32_t>(bits));
  return Value::f64_bits(bits);
}

Value vector_value(const std::array<uint8_t, 16>& bytes) {
  uint64_t halves[2];
  std::memcpy(halves, bytes.data(), 16);
  return Value::v128(halves[0], halves[1]);
}

Value null_value(wasm::HeapType heap) {
  if (heap.is_concrete()) return Value::null(AbsHeap::none);
  switch (heap.abstract()) {
    case AbsHeap::func:
    case AbsHeap::nofunc:
      return Value::null(AbsHeap::nofunc);
    case AbsHeap::extern_:
    case AbsHeap::noextern:
      return Value::null(AbsHeap::noextern);
    case AbsHeap::exn:
    case AbsHeap::noexn:
      return Value::null(AbsHeap::noexn);
    default:
      return Value::null(AbsHeap::none);
  }
}

}  // namespace cloche::script
