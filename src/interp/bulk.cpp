// Memories as wholes: size, growth, bulk operations, data segments.
#include "interp/access.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

Handler memory_size(State& s) {
  const uint8_t* at = s.pc + 1;
  const abi::Memory* memory = s.instance->mems[read_index(at)];
  *s.sp++ = memory->size() >> memory->page_size_log2;
  s.pc = at;
  return nullptr;
}

Handler memory_grow(State& s) {
  const uint8_t* at = s.pc + 1;
  const uint32_t index = read_index(at);
  const bool is_64 = s.instance->mems[index]->is_64;
  s.context->sp = s.sp;
  const uint64_t old = s.context->calls->memory_grow(s.instance, index, read_address(&s.sp[-1], is_64));
  s.sp[-1] = is_64 ? old : u32(old);
  s.pc = at;
  return nullptr;
}

Handler memory_fill(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t index = read_index(at);
  const bool is_64 = s.instance->mems[index]->is_64;
  const TrapCode code =
      s.context->calls->memory_fill(s.instance, index, read_address(&s.sp[-3], is_64),
                                    static_cast<uint8_t>(s.sp[-2]), read_address(&s.sp[-1], is_64));
  return finish_bulk(s, code, at);
}

Handler memory_copy(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t to = read_index(at);
  const uint32_t from = read_index(at);
  const bool to_64 = s.instance->mems[to]->is_64;
  const bool from_64 = s.instance->mems[from]->is_64;
  const TrapCode code = s.context->calls->memory_copy(s.instance, to, from, read_address(&s.sp[-3], to_64),
                                                      read_address(&s.sp[-2], from_64),
                                                      read_address(&s.sp[-1], to_64 && from_64));
  return finish_bulk(s, code, at);
}

Handler memory_init(State& s) {
  const uint8_t* at = s.pc + 2;
  const uint32_t data = read_index(at);
  const uint32_t index = read_index(at);
  const bool is_64 = s.instance->mems[index]->is_64;
  const TrapCode code = s.context->calls->memory_init(s.instance, data, index, read_address(&s.sp[-3], is_64),
                                                      u32(s.sp[-2]), u32(s.sp[-1]));
  return finish_bulk(s, code, at);
}

Handler data_drop(State& s) {
  const uint8_t* at = s.pc + 2;
  s.context->calls->data_drop(s.instance, read_index(at));
  s.pc = at;
  return nullptr;
}

}  // namespace

void add_bulk(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::memory_size, step<memory_size>);
  builder.any(Op::memory_grow, step<memory_grow>);
  builder.any(Op::memory_fill, step<memory_fill>);
  builder.any(Op::memory_copy, step<memory_copy>);
  builder.any(Op::memory_init, step<memory_init>);
  builder.any(Op::data_drop, step<data_drop>);
}

}  // namespace cloche::interp
