// Arrays.
#include "interp/fields.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

using abi::ArrayObject;
using abi::Rtt;

ArrayObject* as_array(Ref ref) { return static_cast<ArrayObject*>(abi::as_object(ref)); }
wasm::StorageType elem_type(const Rtt* rtt) { return rtt->field_types[0]; }
uint8_t* element(ArrayObject* array, const Rtt* rtt, uint32_t index) {
  return abi::elements(array) + uint64_t{index} * rtt->elem_bytes;
}
/// Whether [index, index + count) lies within the array.
bool in_bounds(const ArrayObject* array, uint32_t index, uint32_t count) {
  return uint64_t{index} + count <= array->length;
}

ArrayObject* allocate(State& s, const Rtt* rtt, uint32_t length) {
  s.context->sp = s.sp;  // the operands stay on the stack, where the collector sees them
  return s.context->calls->array_new(s.context, rtt, length);
}

void fill(ArrayObject* array, const Rtt* rtt, uint32_t from, uint32_t count, const Slot* value) {
  if (count == 0) return;
  uint8_t* const begin = element(array, rtt, from);
  const size_t size = size_t{count} * rtt->elem_bytes;
  std::memcpy(begin, value, rtt->elem_bytes);
  // What is filled is copied behind itself: a few long copies instead of one short one for each element.
  for (size_t done = rtt->elem_bytes; done < size; done *= 2)
    std::memcpy(begin + done, begin, std::min(done, size - done));
}

Handler array_new(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  const uint32_t length = u32(s.sp[-1]);
  ArrayObject* array = allocate(s, rtt, length);
  if (!array) return trap(s, TrapCode::out_of_memory);
  s.sp -= 1 + elem_type(rtt).unpacked().slots();
  fill(array, rtt, 0, length, s.sp);
  *s.sp++ = abi::to_ref(array);
  s.pc = at;
  return nullptr;
}

Handler array_new_default(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  const ArrayObject* array = allocate(s, rtt, u32(s.sp[-1]));
  if (!array) return trap(s, TrapCode::out_of_memory);
  s.sp[-1] = abi::to_ref(array);
  s.pc = at;
  return nullptr;
}

Handler array_new_fixed(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  const uint32_t length = read_index(at);
  ArrayObject* array = allocate(s, rtt, length);
  if (!array) return trap(s, TrapCode::out_of_memory);
  const uint32_t width = elem_type(rtt).unpacked().slots();
  s.sp -= size_t{width} * length;
  for (uint32_t i = 0; i < length; ++i)
    write_field(element(array, rtt, i), elem_type(rtt), s.sp + size_t{width} * i);
  *s.sp++ = abi::to_ref(array);
  s.pc = at;
  return nullptr;
}

/// array.new_data and array.new_elem: type, segment; offset and length on the stack.
template <auto Call>
Handler array_new_segment(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t type = read_index(at);
  const uint32_t segment = read_index(at);
  s.context->sp = s.sp;
  Ref array = abi::null_ref;
  const TrapCode code =
      (s.context->calls->*Call)(s.context, s.instance, type, segment, u32(s.sp[-2]), u32(s.sp[-1]), &array);
  if (code != TrapCode::none) return trap(s, code);
  s.sp -= 1;
  s.sp[-1] = array;
  s.pc = at;
  return nullptr;
}

template <bool Signed>
Handler array_get(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  if (s.sp[-2] == abi::null_ref) return trap(s, TrapCode::null_array_reference);
  ArrayObject* array = as_array(s.sp[-2]);
  const uint32_t index = u32(s.sp[-1]);
  if (index >= array->length) return trap(s, TrapCode::out_of_bounds_array_access);
  read_field(element(array, rtt, index), elem_type(rtt), Signed, s.sp - 2);
  s.sp += elem_type(rtt).unpacked().slots();
  s.sp -= 2;
  s.pc = at;
  return nullptr;
}

Handler array_set(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  Slot* value = s.sp - elem_type(rtt).unpacked().slots();
  if (value[-2] == abi::null_ref) return trap(s, TrapCode::null_array_reference);
  ArrayObject* array = as_array(value[-2]);
  const uint32_t index = u32(value[-1]);
  if (index >= array->length) return trap(s, TrapCode::out_of_bounds_array_access);
  write_field(element(array, rtt, index), elem_type(rtt), value);
  s.sp = value - 2;
  s.pc = at;
  return nullptr;
}

Handler array_len(State& s) {
  if (s.sp[-1] == abi::null_ref) return trap(s, TrapCode::null_array_reference);
  s.sp[-1] = as_array(s.sp[-1])->length;
  s.pc += 2;
  return nullptr;
}

/// array, index, value, count
Handler array_fill(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  const Slot* value = s.sp - 1 - elem_type(rtt).unpacked().slots();
  if (value[-2] == abi::null_ref) return trap(s, TrapCode::null_array_reference);
  ArrayObject* array = as_array(value[-2]);
  const uint32_t index = u32(value[-1]);
  const uint32_t count = u32(s.sp[-1]);
  if (!in_bounds(array, index, count)) return trap(s, TrapCode::out_of_bounds_array_access);
  fill(array, rtt, index, count, value);
  s.sp -= 3 + elem_type(rtt).unpacked().slots();
  s.pc = at;
  return nullptr;
}

/// to, to index, from, from index, count
Handler array_copy(State& s) {
  const uint8_t* at = s.pc + 2;
  const Rtt* rtt = s.instance->rtts[read_index(at)];
  read_index(at);
  if (s.sp[-5] == abi::null_ref || s.sp[-3] == abi::null_ref) return trap(s, TrapCode::null_array_reference);
  ArrayObject* to = as_array(s.sp[-5]);
  ArrayObject* from = as_array(s.sp[-3]);
  const uint32_t to_index = u32(s.sp[-4]);
  const uint32_t from_index = u32(s.sp[-2]);
  const uint32_t count = u32(s.sp[-1]);
  if (!in_bounds(to, to_index, count) || !in_bounds(from, from_index, count))
    return trap(s, TrapCode::out_of_bounds_array_access);
  // Both have the same element layout.
  std::memmove(element(to, rtt, to_index), element(from, rtt, from_index), uint64_t{count} * rtt->elem_bytes);
  s.sp -= 5;
  s.pc = at;
  return nullptr;
}

/// array.init_data and array.init_elem: array, index, segment offset, count
template <auto Call>
Handler array_init_segment(State& s) {
  const uint8_t* at = s.pc + 2;
  read_index(at);
  const uint32_t segment = read_index(at);
  if (s.sp[-4] == abi::null_ref) return trap(s, TrapCode::null_array_reference);
  const TrapCode code = (s.context->calls->*Call)(s.instance, as_array(s.sp[-4]), u32(s.sp[-3]), segment,
                                                  u32(s.sp[-2]), u32(s.sp[-1]));
  if (code != TrapCode::none) return trap(s, code);
  s.sp -= 4;
  s.pc = at;
  return nullptr;
}

}  // namespace

void add_arrays(TableBuilder& builder) {
  using abi::RuntimeCalls;
  using wasm::Op;
  builder.any(Op::array_new, step<array_new>);
  builder.any(Op::array_new_default, step<array_new_default>);
  builder.any(Op::array_new_fixed, step<array_new_fixed>);
  builder.any(Op::array_new_data, step<array_new_segment<&RuntimeCalls::array_new_data>>);
  builder.any(Op::array_new_elem, step<array_new_segment<&RuntimeCalls::array_new_elem>>);
  builder.any(Op::array_get, step<array_get<false>>);
  builder.any(Op::array_get_s, step<array_get<true>>);
  builder.any(Op::array_get_u, step<array_get<false>>);
  builder.any(Op::array_set, step<array_set>);
  builder.any(Op::array_len, step<array_len>);
  builder.any(Op::array_fill, step<array_fill>);
  builder.any(Op::array_copy, step<array_copy>);
  builder.any(Op::array_init_data, step<array_init_segment<&RuntimeCalls::array_init_data>>);
  builder.any(Op::array_init_elem, step<array_init_segment<&RuntimeCalls::array_init_elem>>);
}

}  // namespace cloche::interp
