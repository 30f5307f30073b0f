// Table instructions (spec: Execution / Instructions / Table Instructions). Bounds are checked before
// anything moves.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "runtime/instance.hpp"
#include "runtime/runtime_calls.hpp"
#include "wasm/limits.hpp"

namespace cloche::runtime {

uint64_t grow_table(abi::Table& table, abi::Ref value, uint64_t delta) {
  constexpr uint64_t refused = ~uint64_t{0};
  const uint64_t old_size = table.size;
  const uint64_t limit = std::min(table.max, wasm::limits::table_elements);
  if (old_size > limit || delta > limit - old_size) return refused;
  if (delta == 0) return old_size;
  const uint64_t new_size = old_size + delta;
  // Fresh tables of nulls come from calloc: a large one costs nothing until it is used.
  void* const elems =
      old_size == 0 ? calloc(new_size, sizeof(abi::Ref)) : realloc(table.elems, new_size * sizeof(abi::Ref));
  if (!elems) return refused;
  if (old_size == 0) free(table.elems);
  table.elems = static_cast<abi::Ref*>(elems);
  if (old_size != 0 || value != abi::null_ref)
    std::fill(table.elems + old_size, table.elems + new_size, value);
  table.size = new_size;
  return old_size;
}

namespace calls {

using wasm::TrapCode;

uint64_t table_grow(abi::Instance* instance, uint32_t table, abi::Ref value, uint64_t delta) {
  return grow_table(*instance->tables[table], value, delta);
}

TrapCode table_init(abi::Instance* instance, uint32_t elem, uint32_t table, uint64_t to, uint64_t from,
                    uint64_t size) {
  const abi::ElemSegment& segment = instance->elems[elem];
  abi::Table& target = *instance->tables[table];
  if (!in_range(from, size, segment.size) || !in_range(to, size, target.size))
    return TrapCode::out_of_bounds_table_access;
  if (size != 0) memcpy(target.elems + to, segment.refs + from, size * sizeof(abi::Ref));
  return TrapCode::none;
}

TrapCode table_copy(abi::Instance* instance, uint32_t to_table, uint32_t from_table, uint64_t to,
                    uint64_t from, uint64_t size) {
  abi::Table& target = *instance->tables[to_table];
  const abi::Table& source = *instance->tables[from_table];
  if (!in_range(from, size, source.size) || !in_range(to, size, target.size))
    return TrapCode::out_of_bounds_table_access;
  if (size != 0) memmove(target.elems + to, source.elems + from, size * sizeof(abi::Ref));
  return TrapCode::none;
}

TrapCode table_fill(abi::Instance* instance, uint32_t table, uint64_t to, abi::Ref value, uint64_t size) {
  abi::Table& target = *instance->tables[table];
  if (!in_range(to, size, target.size)) return TrapCode::out_of_bounds_table_access;
  if (size != 0) std::fill_n(target.elems + to, size, value);
  return TrapCode::none;
}

void elem_drop(abi::Instance* instance, uint32_t elem) {
  free(instance->elems[elem].refs);
  instance->elems[elem] = {};
}

}  // namespace calls
}  // namespace cloche::runtime
