// FunctionPass: references, structs and arrays.
#pragma once

#include "validate/function_pass.hpp"

namespace cloche::validate {

// ---- references

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_null>) {
  wasm::HeapType heap;
  if (!heap_type(heap)) return false;
  push(ValType::ref(heap, true));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_is_null>) {
  ValType type;
  if (!pop_ref(type)) return false;
  push(ValType::i32());
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_func>) {
  uint32_t func;
  if (!func_index(func)) return false;
  // Constant expressions declare what they name.
  if (!constant_ && !context_.is_declared(func))
    return fail(ErrorCode::undeclared_reference, std::to_string(func));
  push(concrete(module_.funcs[func].type.value, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_eq>) {
  const ValType eq = ValType::ref(wasm::AbsHeap::eq, true);
  const std::array<ValType, 2> wanted = {eq, eq};
  if (!pop_exactly(wanted)) return false;
  push(ValType::i32());
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_as_non_null>) {
  ValType type;
  if (!pop_ref(type)) return false;
  push(type.is_bot() ? type : type.as_non_null());
  return true;
}

/// The operand is of any type in the hierarchy of the type asked for.
template <class Sink>
bool FunctionPass<Sink>::test_or_cast(bool nullable, bool is_cast) {
  wasm::HeapType heap;
  if (!heap_type(heap)) return false;
  const bool is_func = heap.is_concrete() && types_.comp(heap.index()).kind == wasm::CompKind::func;
  const wasm::AbsHeap top_heap =
      heap.is_concrete() ? (is_func ? wasm::AbsHeap::func : wasm::AbsHeap::any) : top_of(heap.abstract());
  if (!pop(ValType::ref(top_heap, true))) return false;
  push(is_cast ? ValType::ref(heap, nullable) : ValType::i32());
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_test>) {
  return test_or_cast(false, false);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_test_null>) {
  return test_or_cast(true, false);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_cast>) {
  return test_or_cast(false, true);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_cast_null>) {
  return test_or_cast(true, true);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::ref_i31>) {
  if (!pop(ValType::i32())) return false;
  push(ValType::ref(wasm::AbsHeap::i31, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::i31_get_s>) {
  if (!pop(ValType::ref(wasm::AbsHeap::i31, true))) return false;
  push(ValType::i32());
  return true;
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::i31_get_u>) {
  return check(Is<Op::i31_get_s>{});
}

/// Null stays null, and what cannot be null stays so.
template <class Sink>
bool FunctionPass<Sink>::convert(wasm::AbsHeap from, wasm::AbsHeap to) {
  ValType type;
  if (!pop_ref(type)) return false;
  const ValType wanted = ValType::ref(from, true);
  if (!matches(type, wanted))
    return fail_type("instruction requires [" + wasm::to_string(wanted) + "] but stack has [" +
                     wasm::to_string(type) + "]");
  push(ValType::ref(to, !type.is_bot() && type.is_nullable()));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::any_convert_extern>) {
  return convert(wasm::AbsHeap::extern_, wasm::AbsHeap::any);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::extern_convert_any>) {
  return convert(wasm::AbsHeap::any, wasm::AbsHeap::extern_);
}

// ---- structs

template <class Sink>
bool FunctionPass<Sink>::struct_index(uint32_t& index) {
  if (!type_index(index)) return false;
  return types_.comp(wasm::TypeIdx(index)).kind == wasm::CompKind::struct_ ||
         fail_type("type " + std::to_string(index) + " is not a struct type");
}

template <class Sink>
bool FunctionPass<Sink>::array_index(uint32_t& index) {
  if (!type_index(index)) return false;
  return types_.comp(wasm::TypeIdx(index)).kind == wasm::CompKind::array ||
         fail_type("type " + std::to_string(index) + " is not an array type");
}

template <class Sink>
bool FunctionPass<Sink>::field_index(uint32_t type, uint32_t& index) {
  if (!u32(index)) return false;
  return index < types_.comp(wasm::TypeIdx(type)).fields.size() ||
         fail_unknown(ErrorCode::unknown_field, index);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::struct_new>) {
  uint32_t type;
  if (!struct_index(type)) return false;
  const auto& fields = types_.comp(wasm::TypeIdx(type)).fields;
  for (size_t i = fields.size(); i-- > 0;)
    if (!pop(fields[i].storage.unpacked())) return false;
  push(concrete(type, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::struct_new_default>) {
  uint32_t type;
  if (!struct_index(type)) return false;
  for (const wasm::FieldType& field : types_.comp(wasm::TypeIdx(type)).fields)
    if (!field.storage.unpacked().is_defaultable())
      return fail_type("field type " + wasm::to_string(field.storage) + " has no default value");
  push(concrete(type, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::struct_read(bool packed) {
  uint32_t type;
  uint32_t index;
  if (!struct_index(type) || !field_index(type, index)) return false;
  const wasm::StorageType storage = types_.comp(wasm::TypeIdx(type)).fields[index].storage;
  if (storage.is_packed() != packed)
    return fail_type("field " + std::to_string(index) + " is " + (packed ? "unpacked" : "packed") + ": " +
                     wasm::to_string(storage));
  if (!pop(concrete(type, true))) return false;
  push(storage.unpacked());
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::struct_get>) {
  return struct_read(false);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::struct_get_s>) {
  return struct_read(true);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::struct_get_u>) {
  return struct_read(true);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::struct_set>) {
  uint32_t type;
  uint32_t index;
  if (!struct_index(type) || !field_index(type, index)) return false;
  const wasm::FieldType& field = types_.comp(wasm::TypeIdx(type)).fields[index];
  if (!field.mutable_) return fail_unknown(ErrorCode::immutable_field, index);
  return pop(field.storage.unpacked()) && pop(concrete(type, true));
}

// ---- arrays

template <class Sink>
bool FunctionPass<Sink>::element(uint32_t array, wasm::FieldType& field, bool must_be_mutable) {
  field = types_.comp(wasm::TypeIdx(array)).fields[0];
  return !must_be_mutable || field.mutable_ || fail_unknown(ErrorCode::immutable_array, array);
}

template <class Sink>
bool FunctionPass<Sink>::numeric_element(const wasm::FieldType& field) {
  return !field.storage.unpacked().is_ref() || fail(ErrorCode::array_numeric, wasm::to_string(field.storage));
}

template <class Sink>
bool FunctionPass<Sink>::elem_matches(uint32_t elem, const wasm::FieldType& field) {
  const ValType type = module_.elems[elem].type;
  if (!field.storage.is_packed() && matches(type, field.storage.unpacked())) return true;
  return fail_type("element segment " + std::to_string(elem) + " holds " + wasm::to_string(type) +
                   ", the array " + wasm::to_string(field.storage));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_new>) {
  uint32_t type;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, false)) return false;
  if (!pop(ValType::i32()) || !pop(field.storage.unpacked())) return false;
  push(concrete(type, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_new_default>) {
  uint32_t type;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, false)) return false;
  if (!field.storage.unpacked().is_defaultable())
    return fail_type("element type " + wasm::to_string(field.storage) + " has no default value");
  if (!pop(ValType::i32())) return false;
  push(concrete(type, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_new_fixed>) {
  uint32_t type;
  uint32_t count;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, false) || !u32(count)) return false;
  if (count > wasm::limits::array_new_fixed)
    return fail(ErrorCode::limit_exceeded, "operands of array.new_fixed: " + std::to_string(count) +
                                               ", at most " + std::to_string(wasm::limits::array_new_fixed));
  for (uint32_t i = 0; i < count; ++i)
    if (!pop(field.storage.unpacked())) return false;
  push(concrete(type, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_new_data>) {
  uint32_t type;
  uint32_t data;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, false) || !data_index(data) || !numeric_element(field))
    return false;
  const std::array<ValType, 2> wanted = {ValType::i32(), ValType::i32()};
  if (!pop_exactly(wanted)) return false;
  push(concrete(type, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_new_elem>) {
  uint32_t type;
  uint32_t elem;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, false) || !elem_index(elem) || !elem_matches(elem, field))
    return false;
  const std::array<ValType, 2> wanted = {ValType::i32(), ValType::i32()};
  if (!pop_exactly(wanted)) return false;
  push(concrete(type, false));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::array_read(bool packed) {
  uint32_t type;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, false)) return false;
  if (field.storage.is_packed() != packed)
    return fail_type(std::string("the array is ") + (packed ? "unpacked" : "packed") + ": " +
                     wasm::to_string(field.storage));
  if (!pop(ValType::i32()) || !pop(concrete(type, true))) return false;
  push(field.storage.unpacked());
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_get>) {
  return array_read(false);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_get_s>) {
  return array_read(true);
}
template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_get_u>) {
  return array_read(true);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_set>) {
  uint32_t type;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, true)) return false;
  return pop(field.storage.unpacked()) && pop(ValType::i32()) && pop(concrete(type, true));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_len>) {
  if (!pop(ValType::ref(wasm::AbsHeap::array, true))) return false;
  push(ValType::i32());
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_fill>) {
  uint32_t type;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, true)) return false;
  return pop(ValType::i32()) && pop(field.storage.unpacked()) && pop(ValType::i32()) &&
         pop(concrete(type, true));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_copy>) {
  uint32_t to;
  uint32_t from;
  wasm::FieldType to_field;
  wasm::FieldType from_field;
  if (!array_index(to) || !array_index(from) || !element(to, to_field, true) ||
      !element(from, from_field, false))
    return false;
  if (!types_.matches(from_field.storage, to_field.storage))
    return fail(ErrorCode::array_types,
                wasm::to_string(from_field.storage) + " to " + wasm::to_string(to_field.storage));
  const std::array<ValType, 5> wanted = {concrete(to, true), ValType::i32(), concrete(from, true),
                                         ValType::i32(), ValType::i32()};
  return pop_exactly(wanted);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_init_data>) {
  uint32_t type;
  uint32_t data;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, true) || !data_index(data) || !numeric_element(field))
    return false;
  const std::array<ValType, 4> wanted = {concrete(type, true), ValType::i32(), ValType::i32(),
                                         ValType::i32()};
  return pop_exactly(wanted);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::array_init_elem>) {
  uint32_t type;
  uint32_t elem;
  wasm::FieldType field;
  if (!array_index(type) || !element(type, field, true) || !elem_index(elem) || !elem_matches(elem, field))
    return false;
  const std::array<ValType, 4> wanted = {concrete(type, true), ValType::i32(), ValType::i32(),
                                         ValType::i32()};
  return pop_exactly(wanted);
}

}  // namespace cloche::validate
