// FunctionPass: tables and memories.
#pragma once

#include "validate/function_pass.hpp"

namespace cloche::validate {

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::table_get>) {
  uint32_t table;
  if (!table_index(table) || !pop(table_address(table))) return false;
  push(module_.tables[table].type.elem);
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::table_set>) {
  uint32_t table;
  return table_index(table) && pop(module_.tables[table].type.elem) && pop(table_address(table));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::table_size>) {
  uint32_t table;
  if (!table_index(table)) return false;
  push(table_address(table));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::table_grow>) {
  uint32_t table;
  if (!table_index(table) || !pop(table_address(table)) || !pop(module_.tables[table].type.elem))
    return false;
  push(table_address(table));
  return true;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::table_fill>) {
  uint32_t table;
  return table_index(table) && pop(table_address(table)) && pop(module_.tables[table].type.elem) &&
         pop(table_address(table));
}

/// The length of a copy between index spaces has the smaller of the two address types.
constexpr wasm::ValType smaller_address(wasm::ValType a, wasm::ValType b) {
  return a == wasm::ValType::i64() ? b : a;
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::table_copy>) {
  uint32_t to;
  uint32_t from;
  if (!table_index(to) || !table_index(from)) return false;
  if (!matches(module_.tables[from].type.elem, module_.tables[to].type.elem))
    return fail_type("a table of " + wasm::to_string(module_.tables[from].type.elem) +
                     " cannot be copied to one of " + wasm::to_string(module_.tables[to].type.elem));
  const std::array<ValType, 3> wanted = {table_address(to), table_address(from),
                                         smaller_address(table_address(to), table_address(from))};
  return pop_exactly(wanted);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::table_init>) {
  uint32_t elem;
  uint32_t table;
  if (!u32(elem) || !table_index(table)) return false;
  if (elem >= module_.elems.size()) return fail_unknown(ErrorCode::unknown_elem, elem);
  if (!matches(module_.elems[elem].type, module_.tables[table].type.elem))
    return fail_type("element segment " + std::to_string(elem) + " holds " +
                     wasm::to_string(module_.elems[elem].type) + ", table " + std::to_string(table) + " " +
                     wasm::to_string(module_.tables[table].type.elem));
  const std::array<ValType, 3> wanted = {table_address(table), ValType::i32(), ValType::i32()};
  return pop_exactly(wanted);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::elem_drop>) {
  uint32_t elem;
  return elem_index(elem);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::memory_size>) {
  uint32_t memory;
  return memory_index(memory) && signature<Op::memory_size>(memory_address(memory));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::memory_grow>) {
  uint32_t memory;
  return memory_index(memory) && signature<Op::memory_grow>(memory_address(memory));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::memory_fill>) {
  uint32_t memory;
  return memory_index(memory) && signature<Op::memory_fill>(memory_address(memory));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::memory_copy>) {
  uint32_t to;
  uint32_t from;
  if (!memory_index(to) || !memory_index(from)) return false;
  const std::array<ValType, 3> wanted = {memory_address(to), memory_address(from),
                                         smaller_address(memory_address(to), memory_address(from))};
  return pop_exactly(wanted);
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::memory_init>) {
  uint32_t data;
  uint32_t memory;
  if (!u32(data) || !memory_index(memory)) return false;
  if (!module_.data_count) return fail(ErrorCode::data_count_required);
  if (data >= *module_.data_count) return fail_unknown(ErrorCode::unknown_data, data);
  return signature<Op::memory_init>(memory_address(memory));
}

template <class Sink>
bool FunctionPass<Sink>::check(Is<Op::data_drop>) {
  uint32_t data;
  return data_index(data);
}

}  // namespace cloche::validate
