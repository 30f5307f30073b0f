// Pairs: an instruction without immediates shares its dispatch word with the opcode that follows it, so the
// table can hold one handler for both. No code is rewritten for that, and a jump to the second still finds
// the second.
#pragma once

#include "interp/quicken/fuse.hpp"
#include "interp/quicken/symbols.hpp"

namespace cloche::interp {

/// Both instructions, if the second's immediate is short; otherwise the first alone.
template <Symbol First, Symbol Second>
CLOCHE_INLINE Handler pair(State& s) {
  constexpr auto single = step<numeric_row<NumericFunction<First.op>::value, 1, Canonical::no>>;
  constexpr wasm::Imm immediate = wasm::op_info(Second.op).immediate;
  if constexpr (immediate == wasm::Imm::mem_arg) {
    if (s.pc[2] >= 0x40 || s.pc[3] >= 0x80) [[unlikely]]
      return single;
  } else if constexpr (immediate == wasm::Imm::block) {
    // A reference type may be longer.
    if (s.pc[2] >= 0x80 || s.pc[2] == 0x63 || s.pc[2] == 0x64) [[unlikely]]
      return single;
  } else if constexpr (immediate != wasm::Imm::none) {
    if (s.pc[2] >= 0x80) [[unlikely]]
      return single;
  }
  return Fused<Operands::in_place, First, Second>::body(s);
}

template <Symbol First, Symbol... Seconds>
void add_pairs(TableBuilder& builder) {
  const auto add_one = [&builder]<Symbol Second>() {
    constexpr Part part = part_of(Second.op);
    if ((part == Part::load || part == Part::store) && !(guarded_access && builder.variant().guarded)) return;
    const auto next = static_cast<uint8_t>(wasm::op_info(Second.op).code);
    if constexpr (wants_registers(wasm::op_info(First.op).text) ||
                  wants_registers(wasm::op_info(Second.op).text))
      builder.exact(First.op, next, step_clobbering<pair<First, Second>>);
    else
      builder.exact(First.op, next, step<pair<First, Second>>);
  };
  // Widths of locals and canonical NaNs are for the handlers of their own tables.
  if (builder.variant().typed_slots || builder.variant().deterministic) return;
  (add_one.template operator()<Seconds>(), ...);
}

}  // namespace cloche::interp
