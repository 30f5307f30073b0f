// Whether a reference is of a heap type, as the immediates of casts and tests spell it.
#pragma once

#include "interp/state.hpp"

namespace cloche::interp {

/// Whether a non-null reference is of an abstract heap type (`byte`: its binary encoding). The validator has
/// seen to it that reference and type are of one hierarchy, so the top types hold everything.
inline bool is_abstract(Ref ref, wasm::AbsHeap heap) {
  using abi::GcKind;
  using wasm::AbsHeap;
  const auto kind_is = [ref](GcKind kind) {
    return !abi::is_i31(ref) && abi::as_object(ref)->rtt->kind == kind;
  };
  switch (heap) {
    case AbsHeap::any:
    case AbsHeap::extern_:
    case AbsHeap::func:
    case AbsHeap::exn:
      return true;
    case AbsHeap::i31:
      return abi::is_i31(ref);
    case AbsHeap::struct_:
      return kind_is(GcKind::struct_);
    case AbsHeap::array:
      return kind_is(GcKind::array);
    case AbsHeap::eq:
      return abi::is_i31(ref) || kind_is(GcKind::struct_) || kind_is(GcKind::array);
    default:
      return false;  // the bottom types hold nothing but null
  }
}

/// Whether `ref` is of the heap type `heap` (as read by read_sleb: a type index, or a negative abstract
/// type).
inline bool ref_is(const State& s, Ref ref, bool nullable, int64_t heap) {
  if (ref == abi::null_ref) return nullable;
  if (heap < 0) return is_abstract(ref, static_cast<wasm::AbsHeap>(heap & 0x7F));
  return !abi::is_i31(ref) && abi::is_subtype(abi::as_object(ref)->rtt, s.instance->rtts[heap]);
}

}  // namespace cloche::interp
