// WebAssembly values and types as C++ values.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloche/error.hpp"

namespace cloche {

namespace detail {
struct RefHandle;
struct ApiAccess;
}  // namespace detail

/// A 128-bit vector; byte 0 is the lowest (lane 0).
struct V128 {
  std::array<uint8_t, 16> bytes{};
  friend bool operator==(const V128&, const V128&) = default;
};

/// The kinds of value a program can hand to an embedder. References keep their exact type inside.
enum class ValueKind : uint8_t { i32, i64, f32, f64, v128, ref };

/// A value type by kind and, for references, its text-format spelling.
struct ValueType {
  ValueKind kind = ValueKind::i32;
  std::string text;  ///< "i32", "funcref", "(ref null 3)", ...
};

/// A function's type (spec: Function Types).
struct FunctionType {
  std::vector<ValueType> params;
  std::vector<ValueType> results;
  /// "[i32 i32] -> [i32]"
  std::string to_string() const;
};

/// A reference to a function, a host value, or an object on the collected heap; or null. While a Ref exists
/// the object it names lives. A Ref that outlives its store is harmless: using it is an error of kind usage.
/// Belongs to the thread that uses its store, copies too.
class Ref {
 public:
  /// The null reference.
  Ref() = default;
  bool is_null() const { return handle_ == nullptr; }
  /// True for an i31, whose number i31_value gives (sign-extended).
  bool is_i31() const;
  /// 0 when this is no i31.
  int32_t i31_value() const;
  /// True when this is a host value (made with Store::make_extern); extern_payload is the number it was made
  /// with.
  bool is_extern() const;
  /// 0 when this is no host value.
  uint64_t extern_payload() const;
  /// True when both are null or name the same object.
  friend bool operator==(const Ref& a, const Ref& b);

 private:
  friend struct detail::ApiAccess;
  std::shared_ptr<const detail::RefHandle> handle_;
};

/// A WebAssembly value. Floats keep their bits exactly, NaN payloads included.
class Value {
 public:
  Value() : Value(int32_t{0}) {}
  Value(int32_t v) : kind_(ValueKind::i32), bits_(static_cast<uint32_t>(v)) {}
  Value(uint32_t v) : kind_(ValueKind::i32), bits_(v) {}
  Value(int64_t v) : kind_(ValueKind::i64), bits_(static_cast<uint64_t>(v)) {}
  Value(uint64_t v) : kind_(ValueKind::i64), bits_(v) {}
  Value(float v) : kind_(ValueKind::f32), bits_(std::bit_cast<uint32_t>(v)) {}
  Value(double v) : kind_(ValueKind::f64), bits_(std::bit_cast<uint64_t>(v)) {}
  Value(const V128& v) : kind_(ValueKind::v128), vector_(v) {}
  Value(Ref v) : kind_(ValueKind::ref), ref_(std::move(v)) {}
  /// Floats by their bits.
  static Value f32_bits(uint32_t bits) {
    Value v;
    v.kind_ = ValueKind::f32;
    v.bits_ = bits;
    return v;
  }
  static Value f64_bits(uint64_t bits) {
    Value v;
    v.kind_ = ValueKind::f64;
    v.bits_ = bits;
    return v;
  }

  ValueKind kind() const { return kind_; }
  /// The number as a C++ value; the kind must be the one named (not checked beyond it: other kinds give 0
  /// bits).
  int32_t i32() const { return static_cast<int32_t>(static_cast<uint32_t>(bits_)); }
  int64_t i64() const { return static_cast<int64_t>(bits_); }
  float f32() const { return std::bit_cast<float>(static_cast<uint32_t>(bits_)); }
  double f64() const { return std::bit_cast<double>(bits_); }
  const V128& v128() const { return vector_; }
  const Ref& ref() const { return ref_; }
  /// The number's bits, zero-extended to 64.
  uint64_t bits() const { return bits_; }
  /// Reads a value of the given type from its text, as `cloche run` takes arguments:
  /// - integers: decimal or 0x, with or without sign, in the signed or the unsigned range of the type;
  /// - floats: decimal or hexadecimal, rounded to nearest; inf; nan; nan:0x7fc00001 with all the bits of the
  /// number, or
  ///   nan:0x200000 with its payload as in the text format;
  /// - v128: lanes of a shape, as in i32x4:1,2,3,4 (or i8x16, i16x8, i64x2, f32x4, f64x2);
  /// - references: null.
  /// Fails: usage, with a message that quotes the text.
  static Result<Value> parse(const ValueType& type, std::string_view text);
  /// As `cloche run` prints it: "19", "-1", "1.5", "nan:0x7fc00001" (all the bits), "i32x4:1,2,3,4",
  /// "ref.null", "ref.func", "ref.extern 7", "ref.i31 -1", "ref.struct", "ref.array", "ref.exn". Floats have
  /// as many digits as it takes to read the same number back.
  std::string to_string() const;

 private:
  ValueKind kind_;
  uint64_t bits_ = 0;
  V128 vector_;
  Ref ref_;
};

}  // namespace cloche
