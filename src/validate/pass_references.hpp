// Reference and aggregate instructions of FunctionPass (spec: Validation / Instructions / Reference
// Instructions, Aggregate Reference Instructions, Scalar Reference Instructions, External Reference
// Instructions).
#pragma once

#include "validate/pass_class.hpp"

namespace cloche::validate {

#define CLOCHE_ROW(name) \
  template <class Sink>  \
  bool FunctionPass<Sink>::row(Row<wasm::Op::name>)

/// The nullable reference to a canonical type, as instructions take it.
inline wasm::ValType operand_of(const CanonicalType& type) {
  return wasm::ValType::ref(heap_type(type.self), true);
}
/// The non-null one, as instructions make it.
inline wasm::ValType new_of(const CanonicalType& type) {
  return wasm::ValType::ref(heap_type(type.self), false);
}

// ---- References

CLOCHE_ROW(ref_null) {
  Instr i = instr<Op::ref_null>();
  wasm::HeapType heap;
  if (!read_heap_type(heap)) return false;
  i.type = ValType::ref(heap, true);
  return finish_one<Op::ref_null>(i, 0, i.type);
}

CLOCHE_ROW(ref_is_null) {
  Instr i = instr<Op::ref_is_null>();
  ValType ref;
  return pop_ref(ref) && finish_one<Op::ref_is_null>(i, 1, ValType::i32());
}

CLOCHE_ROW(ref_as_non_null) {
  Instr i = instr<Op::ref_as_non_null>();
  ValType ref;
  return pop_ref(ref) && finish_one<Op::ref_as_non_null>(i, 1, ref.as_non_null());
}

CLOCHE_ROW(ref_func) {
  Instr i = instr<Op::ref_func>();
  if (!read(i.index)) return false;
  if (i.index >= types_.funcs().size()) return unknown(ErrorCode::unknown_func, i.index);
  if (!types_.is_declared(i.index))
    return fail_here(ErrorCode::undeclared_reference, std::to_string(i.index));
  i.type = new_of(*types_.funcs()[i.index]);
  return finish_one<Op::ref_func>(i, 0, i.type);
}

CLOCHE_ROW(ref_eq) {
  Instr i = instr<Op::ref_eq>();
  const ValType eq = ValType::ref(wasm::AbsHeap::eq, true);
  return pop_types(eq, eq) && finish_one<Op::ref_eq>(i, 2, ValType::i32());
}

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::ref_test(bool nullable) {
  Instr i = instr<op>();
  wasm::HeapType heap;
  if (!read_heap_type(heap)) return false;
  i.type = ValType::ref(heap, nullable);
  return pop(ValType::ref(types_.registry().top_of(heap), true)) && finish_one<op>(i, 1, ValType::i32());
}
CLOCHE_ROW(ref_test) { return ref_test<Op::ref_test>(false); }
CLOCHE_ROW(ref_test_null) { return ref_test<Op::ref_test_null>(true); }

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::ref_cast(bool nullable) {
  Instr i = instr<op>();
  wasm::HeapType heap;
  if (!read_heap_type(heap)) return false;
  i.type = ValType::ref(heap, nullable);
  return pop(ValType::ref(types_.registry().top_of(heap), true)) && finish_one<op>(i, 1, i.type);
}
CLOCHE_ROW(ref_cast) { return ref_cast<Op::ref_cast>(false); }
CLOCHE_ROW(ref_cast_null) { return ref_cast<Op::ref_cast_null>(true); }

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::convert(wasm::AbsHeap from, wasm::AbsHeap to) {
  Instr i = instr<op>();
  ValType ref;
  if (!pop_ref(ref)) return false;
  const ValType required = ValType::ref(from, true);
  if (!types_.matches(ref, required))
    return fail_here(ErrorCode::type_mismatch, "instruction requires [" + types_.to_string(required) +
                                                   "] but stack has [" + types_.to_string(ref) + "]");
  return finish_one<op>(i, 1, ValType::ref(to, ref.is_nullable()));
}
CLOCHE_ROW(any_convert_extern) {
  return convert<Op::any_convert_extern>(wasm::AbsHeap::extern_, wasm::AbsHeap::any);
}
CLOCHE_ROW(extern_convert_any) {
  return convert<Op::extern_convert_any>(wasm::AbsHeap::any, wasm::AbsHeap::extern_);
}

CLOCHE_ROW(ref_i31) {
  Instr i = instr<Op::ref_i31>();
  return pop(ValType::i32()) && finish_one<Op::ref_i31>(i, 1, ValType::ref(wasm::AbsHeap::i31, false));
}

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::i31_get() {
  Instr i = instr<op>();
  return pop(ValType::ref(wasm::AbsHeap::i31, true)) && finish_one<op>(i, 1, ValType::i32());
}
CLOCHE_ROW(i31_get_s) { return i31_get<Op::i31_get_s>(); }
CLOCHE_ROW(i31_get_u) { return i31_get<Op::i31_get_u>(); }

// ---- Structures

CLOCHE_ROW(struct_new) {
  Instr i = instr<Op::struct_new>();
  const CanonicalType* type = nullptr;
  if (!read_struct(i.index, type)) return false;
  need_.clear();
  for (const wasm::FieldType& field : type->fields()) need_.push_back(field.storage.unpacked());
  return pop_all(need_) && finish_one<Op::struct_new>(i, type->fields().size(), new_of(*type));
}

CLOCHE_ROW(struct_new_default) {
  Instr i = instr<Op::struct_new_default>();
  const CanonicalType* type = nullptr;
  if (!read_struct(i.index, type)) return false;
  for (const wasm::FieldType& field : type->fields())
    if (!field.storage.unpacked().is_defaultable())
      return fail_here(ErrorCode::type_mismatch, "a field has no default value");
  return finish_one<Op::struct_new_default>(i, 0, new_of(*type));
}

template <class Sink>
bool FunctionPass<Sink>::field_of(Instr& i, const CanonicalType*& type) {
  if (!read_struct(i.index, type) || !read(i.index2)) return false;
  return i.index2 < type->fields().size() || unknown(ErrorCode::unknown_field, i.index2);
}

/// get_s and get_u are for packed fields, get for all others.
template <class Sink>
bool FunctionPass<Sink>::packing_matches(bool packed_access, wasm::StorageType storage) {
  if (packed_access == storage.is_packed()) return true;
  return fail_here(ErrorCode::type_mismatch, storage.is_packed() ? "a packed field is read by get_s or get_u"
                                                                 : "the field is not packed");
}

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::struct_get(bool packed) {
  Instr i = instr<op>();
  const CanonicalType* type = nullptr;
  if (!field_of(i, type)) return false;
  const wasm::StorageType storage = type->fields()[i.index2].storage;
  return packing_matches(packed, storage) && pop(operand_of(*type)) &&
         finish_one<op>(i, 1, storage.unpacked());
}
CLOCHE_ROW(struct_get) { return struct_get<Op::struct_get>(false); }
CLOCHE_ROW(struct_get_s) { return struct_get<Op::struct_get_s>(true); }
CLOCHE_ROW(struct_get_u) { return struct_get<Op::struct_get_u>(true); }

CLOCHE_ROW(struct_set) {
  Instr i = instr<Op::struct_set>();
  const CanonicalType* type = nullptr;
  if (!field_of(i, type)) return false;
  const wasm::FieldType field = type->fields()[i.index2];
  if (!field.mutable_) return fail_here(ErrorCode::immutable_field, std::to_string(i.index2));
  return pop_types(operand_of(*type), field.storage.unpacked()) && finish<Op::struct_set>(i, 2, {});
}

// ---- Arrays

template <class Sink>
bool FunctionPass<Sink>::is_mutable_array(const CanonicalType& type) {
  return type.fields()[0].mutable_ || fail_here(ErrorCode::immutable_array);
}

template <class Sink>
bool FunctionPass<Sink>::holds_numbers(const CanonicalType& type) {
  return !type.fields()[0].storage.unpacked().is_ref() || fail_here(ErrorCode::array_numeric);
}

template <class Sink>
bool FunctionPass<Sink>::elem_matches(uint32_t elem, const CanonicalType& type) {
  const ValType from = types_.elems()[elem];
  const wasm::StorageType to = type.fields()[0].storage;
  if (!to.is_packed() && types_.matches(from, to.unpacked())) return true;
  return fail_here(ErrorCode::type_mismatch,
                   "array of " + types_.to_string(to.unpacked()) + " cannot take " + types_.to_string(from));
}

CLOCHE_ROW(array_new) {
  Instr i = instr<Op::array_new>();
  const CanonicalType* type = nullptr;
  return read_array(i.index, type) && pop_types(type->fields()[0].storage.unpacked(), ValType::i32()) &&
         finish_one<Op::array_new>(i, 2, new_of(*type));
}

CLOCHE_ROW(array_new_default) {
  Instr i = instr<Op::array_new_default>();
  const CanonicalType* type = nullptr;
  if (!read_array(i.index, type)) return false;
  if (!type->fields()[0].storage.unpacked().is_defaultable())
    return fail_here(ErrorCode::type_mismatch, "the elements have no default value");
  return pop(ValType::i32()) && finish_one<Op::array_new_default>(i, 1, new_of(*type));
}

CLOCHE_ROW(array_new_fixed) {
  Instr i = instr<Op::array_new_fixed>();
  const CanonicalType* type = nullptr;
  if (!read_array(i.index, type) || !read(i.index2)) return false;
  if (i.index2 > wasm::limits::array_new_fixed)
    return fail_limit("operands of array.new_fixed", i.index2, wasm::limits::array_new_fixed);
  need_.assign(i.index2, type->fields()[0].storage.unpacked());
  return pop_all(need_) && finish_one<Op::array_new_fixed>(i, i.index2, new_of(*type));
}

CLOCHE_ROW(array_new_data) {
  Instr i = instr<Op::array_new_data>();
  const CanonicalType* type = nullptr;
  return read_array(i.index, type) && read_data(i.index2) && holds_numbers(*type) &&
         pop_types(ValType::i32(), ValType::i32()) && finish_one<Op::array_new_data>(i, 2, new_of(*type));
}

CLOCHE_ROW(array_new_elem) {
  Instr i = instr<Op::array_new_elem>();
  const CanonicalType* type = nullptr;
  return read_array(i.index, type) && read_elem(i.index2) && elem_matches(i.index2, *type) &&
         pop_types(ValType::i32(), ValType::i32()) && finish_one<Op::array_new_elem>(i, 2, new_of(*type));
}

template <class Sink>
template <wasm::Op op>
bool FunctionPass<Sink>::array_get(bool packed) {
  Instr i = instr<op>();
  const CanonicalType* type = nullptr;
  if (!read_array(i.index, type)) return false;
  const wasm::StorageType storage = type->fields()[0].storage;
  return packing_matches(packed, storage) && pop_types(operand_of(*type), ValType::i32()) &&
         finish_one<op>(i, 2, storage.unpacked());
}
CLOCHE_ROW(array_get) { return array_get<Op::array_get>(false); }
CLOCHE_ROW(array_get_s) { return array_get<Op::array_get_s>(true); }
CLOCHE_ROW(array_get_u) { return array_get<Op::array_get_u>(true); }

CLOCHE_ROW(array_set) {
  Instr i = instr<Op::array_set>();
  const CanonicalType* type = nullptr;
  return read_array(i.index, type) && is_mutable_array(*type) &&
         pop_types(operand_of(*type), ValType::i32(), type->fields()[0].storage.unpacked()) &&
         finish<Op::array_set>(i, 3, {});
}

CLOCHE_ROW(array_len) {
  Instr i = instr<Op::array_len>();
  return pop(ValType::ref(wasm::AbsHeap::array, true)) && finish_one<Op::array_len>(i, 1, ValType::i32());
}

CLOCHE_ROW(array_fill) {
  Instr i = instr<Op::array_fill>();
  const CanonicalType* type = nullptr;
  return read_array(i.index, type) && is_mutable_array(*type) &&
         pop_types(operand_of(*type), ValType::i32(), type->fields()[0].storage.unpacked(), ValType::i32()) &&
         finish<Op::array_fill>(i, 4, {});
}

CLOCHE_ROW(array_copy) {
  Instr i = instr<Op::array_copy>();
  const CanonicalType *to = nullptr, *from = nullptr;
  if (!read_array(i.index, to) || !read_array(i.index2, from) || !is_mutable_array(*to)) return false;
  const wasm::FieldType source{from->fields()[0].storage, false}, target{to->fields()[0].storage, false};
  if (!types_.registry().matches(source, target)) return fail_here(ErrorCode::array_types);
  return pop_types(operand_of(*to), ValType::i32(), operand_of(*from), ValType::i32(), ValType::i32()) &&
         finish<Op::array_copy>(i, 5, {});
}

CLOCHE_ROW(array_init_data) {
  Instr i = instr<Op::array_init_data>();
  const CanonicalType* type = nullptr;
  return read_array(i.index, type) && read_data(i.index2) && is_mutable_array(*type) &&
         holds_numbers(*type) &&
         pop_types(operand_of(*type), ValType::i32(), ValType::i32(), ValType::i32()) &&
         finish<Op::array_init_data>(i, 4, {});
}

CLOCHE_ROW(array_init_elem) {
  Instr i = instr<Op::array_init_elem>();
  const CanonicalType* type = nullptr;
  return read_array(i.index, type) && read_elem(i.index2) && is_mutable_array(*type) &&
         elem_matches(i.index2, *type) &&
         pop_types(operand_of(*type), ValType::i32(), ValType::i32(), ValType::i32()) &&
         finish<Op::array_init_elem>(i, 4, {});
}

#undef CLOCHE_ROW

}  // namespace cloche::validate
