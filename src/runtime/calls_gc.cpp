// Allocation of aggregates and exceptions, arrays from segments, and the general type test (spec: Execution /
// Instructions / Aggregate Instructions, Reference Instructions).
#include <cstring>

#include "runtime/gc_heap.hpp"
#include "runtime/runtime_calls.hpp"
#include "runtime/store.hpp"

namespace cloche::runtime::calls {
namespace {

using wasm::AbsHeap;
using wasm::TrapCode;

GcHeap& heap_of(abi::Context* context) { return static_cast<Store*>(context->store)->heap(); }

bool is_of_canonical_type(const abi::Rtt& rtt, uint32_t canonical_type) {
  if (rtt.canonical_type == canonical_type) return true;
  for (uint32_t i = 0; i < rtt.depth; ++i)
    if (rtt.display[i]->canonical_type == canonical_type) return true;
  return false;
}

bool is_aggregate(const abi::Rtt& rtt) {
  return rtt.kind == abi::GcKind::struct_ || rtt.kind == abi::GcKind::array;
}

/// For a reference that is known to be of the abstract type's hierarchy.
bool matches_abstract(const abi::Rtt& rtt, AbsHeap type) {
  switch (type) {
    case AbsHeap::any:
    case AbsHeap::extern_:
    case AbsHeap::func:
    case AbsHeap::exn:
      return true;
    case AbsHeap::eq:
      return is_aggregate(rtt);
    case AbsHeap::struct_:
      return rtt.kind == abi::GcKind::struct_;
    case AbsHeap::array:
      return rtt.kind == abi::GcKind::array;
    default:
      return false;  // i31, and the bottom types, which have no values
  }
}

}  // namespace

abi::StructObject* struct_new(abi::Context* context, const abi::Rtt* rtt) {
  return heap_of(context).new_struct(rtt);
}

abi::ArrayObject* array_new(abi::Context* context, const abi::Rtt* rtt, uint32_t length) {
  return heap_of(context).new_array(rtt, length);
}

TrapCode array_new_data(abi::Context* context, abi::Instance* instance, uint32_t type, uint32_t data,
                        uint32_t from, uint32_t length, abi::Ref* result) {
  const abi::Rtt* const rtt = instance->rtts[type];
  const uint64_t bytes = static_cast<uint64_t>(length) * rtt->elem_bytes;
  if (!in_range(from, bytes, instance->datas[data].size)) return TrapCode::out_of_bounds_memory_access;
  abi::ArrayObject* const array = heap_of(context).new_array(rtt, length);
  if (!array) return TrapCode::out_of_memory;
  if (bytes != 0) memcpy(abi::elements(array), instance->datas[data].bytes + from, bytes);
  *result = abi::to_ref(array);
  return TrapCode::none;
}

TrapCode array_new_elem(abi::Context* context, abi::Instance* instance, uint32_t type, uint32_t elem,
                        uint32_t from, uint32_t length, abi::Ref* result) {
  if (!in_range(from, length, instance->elems[elem].size)) return TrapCode::out_of_bounds_table_access;
  abi::ArrayObject* const array = heap_of(context).new_array(instance->rtts[type], length);
  if (!array) return TrapCode::out_of_memory;
  if (length != 0)
    memcpy(abi::elements(array), instance->elems[elem].refs + from, uint64_t{length} * sizeof(abi::Ref));
  *result = abi::to_ref(array);
  return TrapCode::none;
}

TrapCode array_init_data(abi::Instance* instance, abi::ArrayObject* array, uint32_t to, uint32_t data,
                         uint32_t from, uint32_t length) {
  const uint64_t elem_bytes = array->rtt->elem_bytes;
  if (!in_range(to, length, array->length)) return TrapCode::out_of_bounds_array_access;
  if (!in_range(from, length * elem_bytes, instance->datas[data].size))
    return TrapCode::out_of_bounds_memory_access;
  if (length != 0)
    memcpy(abi::elements(array) + to * elem_bytes, instance->datas[data].bytes + from, length * elem_bytes);
  return TrapCode::none;
}

TrapCode array_init_elem(abi::Instance* instance, abi::ArrayObject* array, uint32_t to, uint32_t elem,
                         uint32_t from, uint32_t length) {
  if (!in_range(to, length, array->length)) return TrapCode::out_of_bounds_array_access;
  if (!in_range(from, length, instance->elems[elem].size)) return TrapCode::out_of_bounds_table_access;
  if (length != 0)
    memcpy(abi::elements(array) + uint64_t{to} * sizeof(abi::Ref), instance->elems[elem].refs + from,
           uint64_t{length} * sizeof(abi::Ref));
  return TrapCode::none;
}

abi::ExceptionObject* exception_new(abi::Context* context, abi::Tag* tag, const abi::Slot* slots) {
  abi::ExceptionObject* const exception = heap_of(context).new_exception(tag, tag->param_slots);
  if (exception && tag->param_slots != 0)
    memcpy(exception->slots, slots, tag->param_slots * sizeof(abi::Slot));
  return exception;
}

bool ref_matches(abi::Ref ref, wasm::HeapType type) {
  if (abi::is_i31(ref)) {
    if (type.is_concrete()) return false;
    const AbsHeap abstract = type.abstract();
    return abstract == AbsHeap::any || abstract == AbsHeap::eq || abstract == AbsHeap::i31 ||
           abstract == AbsHeap::extern_;
  }
  const abi::Rtt& rtt = *abi::as_object(ref)->rtt;
  return type.is_concrete() ? is_of_canonical_type(rtt, type.index().value)
                            : matches_abstract(rtt, type.abstract());
}

}  // namespace cloche::runtime::calls
