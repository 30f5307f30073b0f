// Tables.
#include "interp/access.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

Handler table_get(State& s) {
  const uint8_t* at = s.pc + 1;
  const abi::Table* table = s.instance->tables[read_index(at)];
  const uint64_t index = read_address(&s.sp[-1], table->is_64);
  if (index >= table->size) return trap(s, TrapCode::out_of_bounds_table_access);
  s.sp[-1] = table->elems[index];
  s.pc = at;
  return nullptr;
}

Handler table_set(State& s) {
  const uint8_t* at = s.pc + 1;
  const abi::Table* table = s.instance->tables[read_index(at)];
  const uint64_t index = read_address(&s.sp[-2], table->is_64);
  if (index >= table->size) return trap(s, TrapCode::out_of_bounds_table_access);
  table->elems[index] = s.sp[-1];
  s.sp -= 2;
  s.pc = at;
  return nullptr;
}

Handler table_size(State& s) {
  const uint8_t* at = s.pc + 2;
  *s.sp++ = s.instance->tables[read_index(at)]->size;
  s.pc = at;
  return nullptr;
}

Handler table_grow(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t index = read_index(at);
  const bool is_64 = s.instance->tables[index]->is_64;
  s.context->sp = s.sp;
  const uint64_t old =
      s.context->calls->table_grow(s.instance, index, s.sp[-2], read_address(&s.sp[-1], is_64));
  s.sp -= 1;
  s.sp[-1] = is_64 ? old : u32(old);
  s.pc = at;
  return nullptr;
}

Handler table_fill(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t index = read_index(at);
  const bool is_64 = s.instance->tables[index]->is_64;
  const TrapCode code = s.context->calls->table_fill(s.instance, index, read_address(&s.sp[-3], is_64),
                                                     s.sp[-2], read_address(&s.sp[-1], is_64));
  return finish_bulk(s, code, at);
}

Handler table_copy(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t to = read_index(at);
  const uint32_t from = read_index(at);
  const bool to_64 = s.instance->tables[to]->is_64;
  const bool from_64 = s.instance->tables[from]->is_64;
  const TrapCode code = s.context->calls->table_copy(s.instance, to, from, read_address(&s.sp[-3], to_64),
                                                     read_address(&s.sp[-2], from_64),
                                                     read_address(&s.sp[-1], to_64 && from_64));
  return finish_bulk(s, code, at);
}

Handler table_init(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t elem = read_index(at);
  const uint32_t index = read_index(at);
  const TrapCode code = s.context->calls->table_init(
      s.instance, elem, index, read_address(&s.sp[-3], s.instance->tables[index]->is_64), u32(s.sp[-2]),
      u32(s.sp[-1]));
  return finish_bulk(s, code, at);
}

Handler elem_drop(State& s) {
  const uint8_t* at = s.pc + 2;
  s.context->calls->elem_drop(s.instance, read_index(at));
  s.pc = at;
  return nullptr;
}

}  // namespace

void add_tables(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::table_get, step<table_get>);
  builder.any(Op::table_set, step<table_set>);
  builder.any(Op::table_size, step<table_size>);
  builder.any(Op::table_grow, step<table_grow>);
  builder.any(Op::table_fill, step<table_fill>);
  builder.any(Op::table_copy, step<table_copy>);
  builder.any(Op::table_init, step<table_init>);
  builder.any(Op::elem_drop, step<elem_drop>);
}

}  // namespace cloche::interp
