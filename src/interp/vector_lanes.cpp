// Lanes: extract, replace, shuffle.
#include "interp/decode.hpp"
#include "interp/numeric_rows.hpp"

namespace cloche::interp {
namespace {

/// extract_lane: the lane is the byte after the opcode.
template <class R>
CLOCHE_INLINE void apply_lane(Slot* top, uint8_t lane, R (*function)(V128, uint8_t), Slot** sp) {
  Slot* base = top - 2;
  write_slot(base, function(read_slot<V128>(base), lane));
  *sp = base + 1;
}

/// replace_lane
template <class T>
CLOCHE_INLINE void apply_lane(Slot* top, uint8_t lane, V128 (*function)(V128, T, uint8_t), Slot** sp) {
  Slot* base = top - 3;
  write_slot(base, function(read_slot<V128>(base), read_slot<T>(base + 2), lane));
  *sp = base + 2;
}

template <auto F>
Handler lane_row(State& s) {
  apply_lane(s.sp, s.pc[2], F, &s.sp);
  s.pc += 3;
  return nullptr;
}

Handler shuffle(State& s) {
  Slot* base = s.sp - 4;
  const V128 lanes = read_raw<V128>(s.pc + 2);
  write_slot(base, numeric::i8x16_shuffle(read_slot<V128>(base), read_slot<V128>(base + 2), lanes.bytes));
  s.sp = base + 2;
  s.pc += 18;
  return nullptr;
}

}  // namespace

#undef CLOCHE_ROW_numeric
#define CLOCHE_ROW_numeric(name)
#undef CLOCHE_ROW_lane
#define CLOCHE_ROW_lane(name) builder.any(wasm::Op::name, step<lane_row<numeric::name>>);

void add_vector_lanes(TableBuilder& builder) {
#define OP CLOCHE_ROW
#include "wasm/opcodes.def"
#undef OP
  builder.any(wasm::Op::i8x16_shuffle, step<shuffle>);
}

}  // namespace cloche::interp
