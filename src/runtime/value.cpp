#include "runtime/value.hpp"

#include <cinttypes>
#include <cstdio>

namespace cloche::runtime {
namespace {

std::string hex(const char* format, uint64_t bits) {
  char text[64];
  snprintf(text, sizeof text, format, bits);
  return text;
}

std::string float_text(double value, uint64_t bits) {
  char text[96];
  snprintf(text, sizeof text, "%.17g (0x%" PRIx64 ")", value, bits);
  return text;
}

}  // namespace

Value Value::from_slots(RootSet& set, wasm::ValType type, const abi::Slot* slots) {
  if (type.is_ref()) return ref(set, type, slots[0]);
  if (type.is_vec()) return Value(type, slots[0], slots[1]);
  const bool is_32 = type == wasm::ValType::i32() || type == wasm::ValType::f32();
  return Value(type, is_32 ? static_cast<uint32_t>(slots[0]) : slots[0]);
}

std::string Value::to_string() const {
  if (type_ == wasm::ValType::i32()) return "i32:" + std::to_string(static_cast<int32_t>(as_i32()));
  if (type_ == wasm::ValType::i64()) return "i64:" + std::to_string(static_cast<int64_t>(low_));
  if (type_ == wasm::ValType::f32()) return "f32:" + float_text(static_cast<double>(as_f32()), low_);
  if (type_ == wasm::ValType::f64()) return "f64:" + float_text(as_f64(), low_);
  if (type_.is_vec()) return "v128:" + hex("0x%016" PRIx64, high_) + hex("%016" PRIx64, low_);
  if (is_null()) return "ref.null";
  if (abi::is_i31(low_)) return "ref.i31:" + std::to_string(static_cast<int32_t>(abi::i31_get_s(low_)));
  return hex("ref:0x%" PRIx64, low_);
}

}  // namespace cloche::runtime
