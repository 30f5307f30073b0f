// A WebAssembly value with its type, as the host sees it.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "abi/gc_object.hpp"
#include "runtime/roots.hpp"
#include "wasm/types.hpp"

namespace cloche::runtime {

/// A value and its type. Heap types of references are canonical (engine-wide). Floats keep their bits. A
/// reference keeps its object alive and remembers its store; null references and i31s belong to no store.
class Value {
 public:
  /// An i32 zero.
  Value() : type_(wasm::ValType::i32()) {}

  static Value i32(uint32_t v) { return Value(wasm::ValType::i32(), v); }
  static Value i64(uint64_t v) { return Value(wasm::ValType::i64(), v); }
  static Value f32(float v) { return Value(wasm::ValType::f32(), std::bit_cast<uint32_t>(v)); }
  static Value f64(double v) { return Value(wasm::ValType::f64(), std::bit_cast<uint64_t>(v)); }
  static Value f32_bits(uint32_t v) { return Value(wasm::ValType::f32(), v); }
  static Value f64_bits(uint64_t v) { return Value(wasm::ValType::f64(), v); }
  /// Low half (lanes 0 of every shape) first.
  static Value v128(uint64_t low, uint64_t high) { return Value(wasm::ValType::v128(), low, high); }
  /// Null of the bottom type of a hierarchy: AbsHeap::none, nofunc, noextern or noexn.
  static Value null(wasm::HeapType heap) { return Value(wasm::ValType::ref(heap, true), abi::null_ref); }
  static Value i31(uint32_t v) {
    return Value(wasm::ValType::ref(wasm::AbsHeap::i31, false), abi::make_i31(v));
  }
  /// A reference of `set`'s store. `type` must be right; Store makes these.
  static Value ref(RootSet& set, wasm::ValType type, abi::Ref ref) {
    Value value(type, ref);
    if (ref != abi::null_ref && !abi::is_i31(ref)) value.root_ = Root(set, ref);
    return value;
  }
  /// From `type.slots()` slots of the value stack.
  static Value from_slots(RootSet& set, wasm::ValType type, const abi::Slot* slots);

  wasm::ValType type() const { return type_; }
  uint64_t bits() const { return low_; }        // numbers: zero-extended; v128: the low half
  uint64_t high_bits() const { return high_; }  // v128
  uint32_t as_i32() const { return static_cast<uint32_t>(low_); }
  uint64_t as_i64() const { return low_; }
  float as_f32() const { return std::bit_cast<float>(static_cast<uint32_t>(low_)); }
  double as_f64() const { return std::bit_cast<double>(low_); }

  bool is_ref() const { return type_.is_ref(); }
  bool is_null() const { return is_ref() && low_ == abi::null_ref; }
  /// The raw reference; valid while this value lives.
  abi::Ref as_ref() const { return low_; }
  /// The store a reference belongs to; null for numbers, null references and i31s.
  Store* store() const { return root_.store(); }

  /// Writes `type().slots()` slots.
  void to_slots(abi::Slot* slots) const {
    slots[0] = low_;
    if (type_.is_vec()) slots[1] = high_;
  }

  /// Text form for messages: "i32:7", "f32:1.5 (0x3fc00000)", "ref.null", "(ref $0x7f..)".
  std::string to_string() const;

 private:
  Value(wasm::ValType type, uint64_t low, uint64_t high = 0) : type_(type), low_(low), high_(high) {}

  wasm::ValType type_;
  uint64_t low_ = 0;
  uint64_t high_ = 0;
  Root root_;
};

}  // namespace cloche::runtime
