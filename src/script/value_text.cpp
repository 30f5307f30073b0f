#include "script/value_text.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "script/json_words.hpp"

namespace cloche::script {
namespace {

using runtime::Value;
using text::NumberPattern;
using text::ResultPattern;
using wasm::ValType;

std::string float_text(double value) {
  char text[400];  // the largest double has 309 digits before the point
  std::snprintf(text, sizeof text, "%f", value);
  return text;
}

std::string vector_text(const std::array<uint8_t, 16>& bytes) {
  uint32_t lanes[4];
  std::memcpy(lanes, bytes.data(), 16);
  char text[64];
  std::snprintf(text, sizeof text, "v128 i32x4:0x%08x 0x%08x 0x%08x 0x%08x", lanes[0], lanes[1], lanes[2],
                lanes[3]);
  return text;
}

std::string number_text(ValType type, uint64_t bits) {
  std::string text = wasm::to_string(type) + ":";
  if (type == ValType::f32()) return text + float_text(std::bit_cast<float>(static_cast<uint32_t>(bits)));
  if (type == ValType::f64()) return text + float_text(std::bit_cast<double>(bits));
  return text + std::to_string(bits);
}

std::string null_text(wasm::HeapType heap) {
  if (!heap.is_concrete()) {
    // Bottom types are what their hierarchies are called by.
    switch (heap.abstract()) {
      case wasm::AbsHeap::nofunc:
        return "funcref:0";
      case wasm::AbsHeap::noextern:
        return "externref:0";
      case wasm::AbsHeap::noexn:
        return "exnref:0";
      case wasm::AbsHeap::none:
        return "anyref:0";
      default:
        for (const HeapName& row : heap_names)
          if (row.heap == heap.abstract()) return std::string(row.name) + ":0";
    }
  }
  return "ref:0";
}

// wabt numbers all objects of its store; without imports the functions of the first module follow two others.
constexpr uint32_t first_func_number = 3;

std::string object_text(const Value& value) {
  if (abi::is_i31(value.as_ref())) return "i31ref:" + std::to_string(abi::i31_get_u(value.as_ref()));
  const abi::GcObject* const object = abi::as_object(value.as_ref());
  switch (object->rtt->kind) {
    case abi::GcKind::func:
      return "funcref:" +
             std::to_string(static_cast<const abi::FuncObject*>(object)->func_index + first_func_number);
    case abi::GcKind::extern_:
      return "externref:" + std::to_string(static_cast<const abi::ExternObject*>(object)->payload);
    case abi::GcKind::struct_:
      return "structref";
    case abi::GcKind::array:
      return "arrayref";
    default:
      return "exnref";
  }
}

std::string_view pattern_word(NumberPattern pattern) {
  return pattern == NumberPattern::nan_canonical ? "nan:canonical" : "nan:arithmetic";
}

std::string heap_pattern(const ResultPattern& pattern) {
  if (pattern.has_heap && !pattern.heap.is_concrete())
    for (const HeapName& row : heap_names)
      if (row.heap == pattern.heap.abstract()) return std::string(row.name);
  return "ref";
}

}  // namespace

std::string value_text(const Value& value) {
  if (value.type().is_vec()) {
    const uint64_t halves[2] = {value.bits(), value.high_bits()};
    std::array<uint8_t, 16> bytes;
    std::memcpy(bytes.data(), halves, 16);
    return vector_text(bytes);
  }
  if (!value.is_ref()) return number_text(value.type(), value.bits());
  return value.is_null() ? null_text(value.type().heap()) : object_text(value);
}

std::string values_text(std::span<const Value> values) {
  std::string text;
  for (const Value& value : values) {
    if (!text.empty()) text += ", ";
    text += value_text(value);
  }
  return text;
}

std::string call_text(std::string_view name, std::span<const Value> args, std::span<const Value> results) {
  std::string text(name);
  text += "(" + values_text(args) + ") =>";
  if (!results.empty()) text += " " + values_text(results);
  return text;
}

std::string pattern_text(const ResultPattern& pattern) {
  using Kind = ResultPattern::Kind;
  switch (pattern.kind) {
    case Kind::number:
      if (pattern.pattern != NumberPattern::bits)
        return wasm::to_string(pattern.type) + ":" + std::string(pattern_word(pattern.pattern));
      return number_text(pattern.type, pattern.bits);
    case Kind::vector: {
      std::string text = vector_text(pattern.bytes);
      for (size_t lane = 0; lane < pattern.lane_patterns.size(); ++lane)
        if (pattern.lane_patterns[lane] != NumberPattern::bits)
          text += " (lane " + std::to_string(lane) + ": " +
                  std::string(pattern_word(pattern.lane_patterns[lane])) + ")";
      return text;
    }
    case Kind::ref_null:
      return pattern.has_heap ? null_text(pattern.heap) : "a null reference";
    case Kind::ref:
      return "a non-null " + heap_pattern(pattern);
    case Kind::ref_extern:
      return pattern.has_number ? "externref:" + std::to_string(pattern.bits) : "a non-null externref";
    case Kind::ref_host:
      return "host reference " + std::to_string(pattern.bits);
    case Kind::either: {
      std::string text;
      for (const ResultPattern& each : pattern.alternatives)
        text += (text.empty() ? "" : " or ") + pattern_text(each);
      return text;
    }
  }
  return {};
}

}  // namespace cloche::script
