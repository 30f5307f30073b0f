// Parametric, variable, table and memory instructions of FunctionPass whose signature is not fixed (spec:
// Validation / Instructions).
#pragma once

#include "validate/pass_class.hpp"

namespace cloche::validate {

#define CLOCHE_ROW(name) \
  template <class Sink>  \
  bool FunctionPass<Sink>::row(Row<wasm::Op::name>)

// ---- Parametric

CLOCHE_ROW(drop) {
  Instr i = instr<Op::drop>();
  ValType type;
  return pop_any(type) && finish<Op::drop>(i, 1, {});
}

CLOCHE_ROW(select) {
  Instr i = instr<Op::select>();
  ValType second, first;
  if (!pop(ValType::i32()) || !pop_any(second) || !pop_any(first)) return false;
  if (first.is_ref() || second.is_ref() || (first != second && !first.is_bot() && !second.is_bot()))
    return fail_here(ErrorCode::type_mismatch,
                     "select requires two numbers or vectors of one type but stack has [" +
                         types_.to_string(first) + " " + types_.to_string(second) + "]");
  return finish_one<Op::select>(i, 3, first.is_bot() ? second : first);
}

CLOCHE_ROW(select_t) {
  Instr i = instr<Op::select_t>();
  uint32_t count = 0;
  if (!read_length(count)) return false;
  if (count != 1) return fail_here(ErrorCode::result_arity, std::to_string(count));
  return read_val_type(i.type) && pop_types(i.type, i.type, ValType::i32()) &&
         finish_one<Op::select_t>(i, 3, i.type);
}

// ---- Variables

CLOCHE_ROW(local_get) {
  Instr i = instr<Op::local_get>();
  ValType type;
  return read(i.index) && read_local(i.index, type) && finish_one<Op::local_get>(i, 0, type);
}

template <class Sink>
bool FunctionPass<Sink>::set_local_from_stack(uint32_t& index, ValType& type) {
  if (!read(index) || !find_local(index, type) || !pop(type)) return false;
  set_local(index, type);
  return true;
}

CLOCHE_ROW(local_set) {
  Instr i = instr<Op::local_set>();
  ValType type;
  return set_local_from_stack(i.index, type) && finish<Op::local_set>(i, 1, {});
}

CLOCHE_ROW(local_tee) {
  Instr i = instr<Op::local_tee>();
  ValType type;
  return set_local_from_stack(i.index, type) && finish_one<Op::local_tee>(i, 1, type);
}

CLOCHE_ROW(global_get) {
  Instr i = instr<Op::global_get>();
  if (!read(i.index)) return false;
  if (i.index >= types_.globals().size()) return unknown(ErrorCode::unknown_global, i.index);
  return finish_one<Op::global_get>(i, 0, types_.globals()[i.index].type);
}

CLOCHE_ROW(global_set) {
  Instr i = instr<Op::global_set>();
  if (!read(i.index)) return false;
  if (i.index >= types_.globals().size()) return unknown(ErrorCode::unknown_global, i.index);
  if (!types_.globals()[i.index].mutable_)
    return fail_here(ErrorCode::immutable_global, std::to_string(i.index));
  return pop(types_.globals()[i.index].type) && finish<Op::global_set>(i, 1, {});
}

// ---- Tables

CLOCHE_ROW(table_get) {
  Instr i = instr<Op::table_get>();
  return read_table(i.index) && pop(types_.table_addr(i.index)) &&
         finish_one<Op::table_get>(i, 1, types_.tables()[i.index]);
}

CLOCHE_ROW(table_set) {
  Instr i = instr<Op::table_set>();
  return read_table(i.index) && pop_types(types_.table_addr(i.index), types_.tables()[i.index]) &&
         finish<Op::table_set>(i, 2, {});
}

CLOCHE_ROW(table_size) {
  Instr i = instr<Op::table_size>();
  return read_table(i.index) && finish_one<Op::table_size>(i, 0, types_.table_addr(i.index));
}

CLOCHE_ROW(table_grow) {
  Instr i = instr<Op::table_grow>();
  return read_table(i.index) && pop_types(types_.tables()[i.index], types_.table_addr(i.index)) &&
         finish_one<Op::table_grow>(i, 2, types_.table_addr(i.index));
}

CLOCHE_ROW(table_fill) {
  Instr i = instr<Op::table_fill>();
  if (!read_table(i.index)) return false;
  const ValType addr = types_.table_addr(i.index);
  return pop_types(addr, types_.tables()[i.index], addr) && finish<Op::table_fill>(i, 3, {});
}

/// The address type in which a length between two of these is counted.
constexpr wasm::ValType smaller(wasm::ValType a, wasm::ValType b) {
  return a == wasm::ValType::i64() ? b : a;
}

CLOCHE_ROW(table_copy) {
  Instr i = instr<Op::table_copy>();
  if (!read_table(i.index) || !read_table(i.index2)) return false;
  const ValType to = types_.tables()[i.index], from = types_.tables()[i.index2];
  if (!types_.matches(from, to))
    return fail_here(ErrorCode::type_mismatch,
                     "table of " + types_.to_string(to) + " cannot take " + types_.to_string(from));
  const ValType to_addr = types_.table_addr(i.index), from_addr = types_.table_addr(i.index2);
  return pop_types(to_addr, from_addr, smaller(to_addr, from_addr)) && finish<Op::table_copy>(i, 3, {});
}

CLOCHE_ROW(table_init) {
  Instr i = instr<Op::table_init>();
  if (!read(i.index) || !read_table(i.index2) || !check_elem(i.index)) return false;
  const ValType to = types_.tables()[i.index2], from = types_.elems()[i.index];
  if (!types_.matches(from, to))
    return fail_here(ErrorCode::type_mismatch,
                     "table of " + types_.to_string(to) + " cannot take " + types_.to_string(from));
  return pop_types(types_.table_addr(i.index2), ValType::i32(), ValType::i32()) &&
         finish<Op::table_init>(i, 3, {});
}

CLOCHE_ROW(elem_drop) {
  Instr i = instr<Op::elem_drop>();
  return read_elem(i.index) && finish<Op::elem_drop>(i, 0, {});
}

// ---- Memories

CLOCHE_ROW(memory_copy) {
  Instr i = instr<Op::memory_copy>();
  ValType to, from;
  return read_mem(i.index, to) && read_mem(i.index2, from) && pop_types(to, from, smaller(to, from)) &&
         finish<Op::memory_copy>(i, 3, {});
}

#undef CLOCHE_ROW

}  // namespace cloche::validate
