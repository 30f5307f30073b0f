#include "runtime/rtt_registry.hpp"

#include <algorithm>

#include "validate/type_registry.hpp"

namespace cloche::runtime {
namespace {

/// Function references point out of the collected heap.
bool is_heap_reference(const validate::TypeRegistry& types, wasm::StorageType type) {
  if (type.is_packed() || !type.unpacked().is_ref()) return false;
  const wasm::HeapType heap = type.unpacked().heap();
  if (heap.is_concrete()) return types.type(heap.index().value).comp.kind != wasm::CompKind::func;
  return heap.abstract() != wasm::AbsHeap::func && heap.abstract() != wasm::AbsHeap::nofunc;
}

abi::GcKind kind_of(wasm::CompKind kind) {
  switch (kind) {
    case wasm::CompKind::func:
      return abi::GcKind::func;
    case wasm::CompKind::struct_:
      return abi::GcKind::struct_;
    case wasm::CompKind::array:
      return abi::GcKind::array;
  }
  return abi::GcKind::func;
}

/// Fields begin behind the header at multiples of their size, at most 8: a v128 is copied by bytes.
uint32_t place_field(uint32_t& size, wasm::StorageType type) {
  const uint32_t align = std::min<uint32_t>(type.size_bytes(), 8);
  const uint32_t offset = (size + align - 1) & ~(align - 1);
  size = offset + type.size_bytes();
  return offset;
}

}  // namespace

/// One run-time type and, unless it is a plain function type, the arrays it points into.
struct RttRegistry::Made {
  struct Arrays {
    std::vector<const abi::Rtt*> display;
    std::vector<uint32_t> offsets;
    std::vector<uint32_t> ref_offsets;
    std::vector<wasm::StorageType> fields;
  };
  abi::Rtt rtt;
  std::unique_ptr<Arrays> arrays;

  void lay_out_struct(const validate::TypeRegistry& types) {
    uint32_t size = sizeof(abi::GcObject);
    for (const wasm::StorageType field : arrays->fields) {
      arrays->offsets.push_back(place_field(size, field));
      if (is_heap_reference(types, field)) arrays->ref_offsets.push_back(arrays->offsets.back());
    }
    rtt.size_bytes = size;
  }
  void lay_out_array(const validate::TypeRegistry& types) {
    rtt.elem_bytes = arrays->fields[0].size_bytes();
    rtt.elem_is_ref = is_heap_reference(types, arrays->fields[0]);
  }
  void point_into_arrays() {
    rtt.depth = static_cast<uint32_t>(arrays->display.size());
    rtt.display = arrays->display.data();
    rtt.field_count = static_cast<uint32_t>(arrays->fields.size());
    rtt.field_offsets = arrays->offsets.data();
    rtt.field_types = arrays->fields.data();
    rtt.ref_offsets = arrays->ref_offsets.data();
    rtt.ref_count = static_cast<uint32_t>(arrays->ref_offsets.size());
  }
};

RttRegistry::RttRegistry(validate::TypeRegistry& types) : types_(types) {}
RttRegistry::~RttRegistry() = default;

const abi::Rtt* RttRegistry::get(uint32_t canonical_type) {
  const std::lock_guard lock(mutex_);
  return find_or_make(canonical_type);
}

/// Recursion is as deep as the subtype hierarchy, which validation limits to 63.
const abi::Rtt* RttRegistry::find_or_make(uint32_t canonical_type) {
  if (canonical_type < by_type_.size() && by_type_[canonical_type]) return by_type_[canonical_type];
  const wasm::SubType& type = types_.type(canonical_type);
  const abi::Rtt* const super = type.supers.empty() ? nullptr : find_or_make(type.supers[0].value);
  Made& made = made_.emplace_back();
  made.rtt.canonical_type = canonical_type;
  made.rtt.kind = kind_of(type.comp.kind);
  if (super || made.rtt.kind != abi::GcKind::func) {
    made.arrays = std::make_unique<Made::Arrays>();
    if (super) {
      made.arrays->display.assign(super->display, super->display + super->depth);
      made.arrays->display.push_back(super);
    }
    for (const wasm::FieldType& field : type.comp.fields) made.arrays->fields.push_back(field.storage);
    if (made.rtt.kind == abi::GcKind::struct_) made.lay_out_struct(types_);
    if (made.rtt.kind == abi::GcKind::array) made.lay_out_array(types_);
    made.point_into_arrays();
  }
  if (canonical_type >= by_type_.size()) by_type_.resize(canonical_type + 1);
  return by_type_[canonical_type] = &made.rtt;
}

}  // namespace cloche::runtime
