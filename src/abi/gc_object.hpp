// References and the objects they point to.
//
// A reference is one 64-bit slot: 0 is null; an odd number is an i31 (value << 1 | 1, the value in the low 31
// bits of the upper part); a funcref points to a FuncObject; every other reference points to a GcObject of
// this heap. Objects never move. any.convert_extern and extern.convert_any are the identity.
#pragma once

#include <cstdint>

#include "abi/code.hpp"
#include "wasm/types.hpp"

namespace cloche::abi {

struct Tag;

using Ref = uint64_t;
inline constexpr Ref null_ref = 0;

constexpr bool is_i31(Ref ref) { return (ref & 1) != 0; }
constexpr Ref make_i31(uint32_t value) { return (static_cast<uint64_t>(value & 0x7FFFFFFF) << 1) | 1; }
constexpr uint32_t i31_get_u(Ref ref) { return static_cast<uint32_t>(ref >> 1) & 0x7FFFFFFF; }
constexpr uint32_t i31_get_s(Ref ref) {
  return static_cast<uint32_t>(static_cast<int32_t>(static_cast<uint32_t>(ref >> 1) << 1) >> 1);
}

enum class GcKind : uint8_t { struct_, array, exception, extern_, func };

/// Run-time type: what a cast compares and the collector and field accesses read. One per canonical type and
/// engine, immutable, never freed before the engine. Casts are O(1) by display: a value of rtt `a` is of type
/// `b` iff a == b or (a->depth > b->depth and a->display[b->depth] == b).
struct Rtt {
  uint32_t canonical_type = 0;
  GcKind kind = GcKind::struct_;
  uint32_t depth = 0;
  const Rtt* const* display = nullptr;  // ancestors by depth, `depth` entries
  uint32_t size_bytes = 0;              // struct: whole object with header
  uint32_t field_count = 0;
  const uint32_t* field_offsets = nullptr;         // struct: bytes from the object's start
  const wasm::StorageType* field_types = nullptr;  // struct: per field; array: exactly one
  const uint32_t* ref_offsets = nullptr;           // struct: offsets of reference fields
  uint32_t ref_count = 0;
  uint32_t elem_bytes = 0;  // array
  bool elem_is_ref = false;
};

constexpr bool is_subtype(const Rtt* sub, const Rtt* super) {
  return sub == super || (sub->depth > super->depth && sub->display[super->depth] == super);
}

/// Header of every heap object and of FuncObject, so that one cast serves every reference but i31 and null.
/// Objects are 16-byte aligned.
struct GcObject {
  const Rtt* rtt = nullptr;  // for exceptions and externs: the heap's own marker types, see Rtt::kind
};

/// Fields follow at rtt->field_offsets.
struct StructObject : GcObject {};

/// Elements follow at `array_data_offset`, packed at rtt->elem_bytes each.
struct ArrayObject : GcObject {
  uint32_t length;
};
inline constexpr uint32_t array_data_offset = 16;

/// A caught or thrown exception: its tag and the tag's parameters as slots.
struct ExceptionObject : GcObject {
  Tag* tag;
  uint32_t slot_count;
  Slot slots[1];  // slot_count of them
};

/// A host value behind an externref (or anyref): opaque bits of the host's choosing.
struct ExternObject : GcObject {
  uint64_t payload;
};

inline uint8_t* field_at(GcObject* object, uint32_t offset) {
  return reinterpret_cast<uint8_t*>(object) + offset;
}
inline uint8_t* elements(ArrayObject* array) { return reinterpret_cast<uint8_t*>(array) + array_data_offset; }
inline GcObject* as_object(Ref ref) { return reinterpret_cast<GcObject*>(ref); }
inline Ref to_ref(const void* object) { return reinterpret_cast<Ref>(object); }

}  // namespace cloche::abi
