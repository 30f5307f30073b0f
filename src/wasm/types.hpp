// The types of WebAssembly (spec: Structure / Types), as small values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/index.hpp"

namespace cloche::wasm {

using TypeIdx = base::Index<struct TypeTag>;
using FuncIdx = base::Index<struct FuncTag>;
using TableIdx = base::Index<struct TableTag>;
using MemIdx = base::Index<struct MemTag>;
using GlobalIdx = base::Index<struct GlobalTag>;
using TagIdx = base::Index<struct TagTag>;
using ElemIdx = base::Index<struct ElemTag>;
using DataIdx = base::Index<struct DataTag>;
using LocalIdx = base::Index<struct LocalTag>;
using LabelIdx = base::Index<struct LabelTag>;
using FieldIdx = base::Index<struct FieldTag>;

/// The abstract heap types. The byte is the binary encoding (spec: Binary Format / Types / Heap Types).
enum class AbsHeap : uint8_t {
  noexn = 0x74,
  nofunc = 0x73,
  noextern = 0x72,
  none = 0x71,
  func = 0x70,
  extern_ = 0x6F,
  any = 0x6E,
  eq = 0x6D,
  i31 = 0x6C,
  struct_ = 0x6B,
  array = 0x6A,
  exn = 0x69,
  bot = 0x01,  // below every heap type; arises only while validating unreachable code
};

/// An abstract heap type, or the index of a defined type. Whether the index counts in a module's type section
/// or names a canonical type of the engine depends on where the value stands; the two are never mixed.
class HeapType {
 public:
  constexpr HeapType() : HeapType(AbsHeap::any) {}
  constexpr HeapType(AbsHeap abstract) : bits_(static_cast<uint32_t>(abstract)) {}
  constexpr explicit HeapType(TypeIdx index) : bits_(concrete_bit | index.value) {}

  constexpr bool is_concrete() const { return (bits_ & concrete_bit) != 0; }
  constexpr TypeIdx index() const { return TypeIdx(bits_ & ~concrete_bit); }
  constexpr AbsHeap abstract() const { return static_cast<AbsHeap>(bits_); }
  constexpr uint32_t bits() const { return bits_; }
  static constexpr HeapType from_bits(uint32_t bits) {
    HeapType type;
    type.bits_ = bits;
    return type;
  }
  friend constexpr bool operator==(HeapType, HeapType) = default;

 private:
  static constexpr uint32_t concrete_bit = 1u << 24;  // type indices stay below a million
  uint32_t bits_;
};

/// A value type in 32 bits: the binary encoding byte for numbers and vectors, and for references a null flag
/// and the heap type. `bot` is the validator's unknown operand.
class ValType {
 public:
  constexpr ValType() : ValType(raw_bot) {}

  static constexpr ValType i32() { return ValType(0x7F); }
  static constexpr ValType i64() { return ValType(0x7E); }
  static constexpr ValType f32() { return ValType(0x7D); }
  static constexpr ValType f64() { return ValType(0x7C); }
  static constexpr ValType v128() { return ValType(0x7B); }
  static constexpr ValType bot() { return ValType(raw_bot); }
  static constexpr ValType ref(HeapType heap, bool nullable) {
    return ValType(ref_bit | (nullable ? null_bit : 0) | heap.bits());
  }
  static constexpr ValType funcref() { return ref(AbsHeap::func, true); }
  static constexpr ValType externref() { return ref(AbsHeap::extern_, true); }
  static constexpr ValType anyref() { return ref(AbsHeap::any, true); }
  static constexpr ValType exnref() { return ref(AbsHeap::exn, true); }

  constexpr bool is_num() const { return bits_ >= 0x7C && bits_ <= 0x7F; }
  constexpr bool is_vec() const { return bits_ == 0x7B; }
  constexpr bool is_ref() const { return (bits_ & ref_bit) != 0; }
  constexpr bool is_bot() const { return bits_ == raw_bot; }
  constexpr bool is_nullable() const { return (bits_ & null_bit) != 0; }
  /// True when a local of this type has a default value (spec: Validation / Types / Defaultable Types).
  constexpr bool is_defaultable() const { return !is_ref() || is_nullable(); }
  constexpr HeapType heap() const { return HeapType::from_bits(bits_ & 0x1FFFFFF); }
  constexpr ValType as_non_null() const { return ValType(bits_ & ~null_bit); }
  /// 8-byte slots a value takes on the value stack: two for v128, one for everything else.
  constexpr uint32_t slots() const { return is_vec() ? 2 : 1; }

  constexpr uint32_t bits() const { return bits_; }
  static constexpr ValType from_bits(uint32_t bits) { return ValType(bits); }
  friend constexpr bool operator==(ValType, ValType) = default;

 private:
  static constexpr uint32_t raw_bot = 0;
  static constexpr uint32_t ref_bit = 1u << 31;
  static constexpr uint32_t null_bit = 1u << 30;
  constexpr explicit ValType(uint32_t bits) : bits_(bits) {}
  uint32_t bits_;
};

using ResultType = std::vector<ValType>;

struct FuncType {
  ResultType params;
  ResultType results;
  friend bool operator==(const FuncType&, const FuncType&) = default;
};

/// What a struct field or array element holds: a value, or an integer of 8 or 16 bits.
class StorageType {
 public:
  constexpr StorageType() = default;
  constexpr StorageType(ValType type) : type_(type) {}
  static constexpr StorageType i8() {
    StorageType t(ValType::i32());
    t.packed_bytes_ = 1;
    return t;
  }
  static constexpr StorageType i16() {
    StorageType t(ValType::i32());
    t.packed_bytes_ = 2;
    return t;
  }

  constexpr bool is_packed() const { return packed_bytes_ != 0; }
  /// The type on the value stack: i32 for packed fields.
  constexpr ValType unpacked() const { return type_; }
  constexpr uint32_t size_bytes() const {
    if (packed_bytes_) return packed_bytes_;
    if (type_.is_vec()) return 16;
    return type_ == ValType::i32() || type_ == ValType::f32() ? 4 : 8;
  }
  friend constexpr bool operator==(StorageType, StorageType) = default;

 private:
  ValType type_;
  uint8_t packed_bytes_ = 0;
};

struct FieldType {
  StorageType storage;
  bool mutable_ = false;
  friend constexpr bool operator==(FieldType, FieldType) = default;
};

enum class CompKind : uint8_t { func, struct_, array };

/// A composite type. Only the member of its kind is used.
struct CompType {
  CompKind kind = CompKind::func;
  FuncType func;
  std::vector<FieldType> fields;  // struct: all fields; array: exactly one
  friend bool operator==(const CompType&, const CompType&) = default;
};

struct SubType {
  bool final_ = true;
  std::vector<TypeIdx> supers;  // 3.0 allows at most one; more are read, and refused by validation
  CompType comp;
  uint64_t offset = 0;  // of the definition in the module, for errors
};

/// `size` consecutive types from `first` on that may refer to each other.
struct RecGroup {
  TypeIdx first;
  uint32_t size = 1;
  bool explicit_rec =
      false;  // written as a group although it has one type only; kept so that bytes come back as they were
};

struct Limits {
  uint64_t min = 0;
  std::optional<uint64_t> max;
  bool is_64 = false;  // addresses are i64
  friend bool operator==(const Limits&, const Limits&) = default;
};

constexpr ValType addr_type(const Limits& limits) { return limits.is_64 ? ValType::i64() : ValType::i32(); }

inline constexpr uint32_t default_page_size_log2 = 16;

struct TableType {
  ValType elem = ValType::funcref();
  Limits limits;  // in elements
};

struct MemType {
  Limits limits;  // in pages
  bool shared = false;
  uint32_t page_size_log2 = default_page_size_log2;  // custom page sizes allow 0 beside 16
};

struct GlobalType {
  ValType type;
  bool mutable_ = false;
};

struct TagType {
  TypeIdx type;  // a function type without results
};

/// Block types (spec: Binary Format / Instructions / Control): none, one result, or a function type.
struct BlockType {
  enum class Kind : uint8_t { empty, value, type } kind = Kind::empty;
  ValType value;
  TypeIdx type;
};

enum class ExternKind : uint8_t { func = 0, table = 1, mem = 2, global = 3, tag = 4 };

std::string_view extern_kind_name(ExternKind kind);

/// Text-format spelling, for messages: "i32", "(ref null 3)", "funcref".
std::string to_string(ValType type);
std::string to_string(HeapType type);
std::string to_string(StorageType type);
std::string to_string(const ResultType& types);  // "[i32 i64]"
std::string to_string(const FuncType& type);     // "[i32] -> [i64]"

}  // namespace cloche::wasm
