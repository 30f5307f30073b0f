// Adding sequences to the registry: a template argument list is all there is to write.
#pragma once

#include "interp/quicken/fuse.hpp"
#include "interp/quicken/registry.hpp"
#include "interp/quicken/symbols.hpp"

namespace cloche::interp {

constexpr bool uses_memory(Symbol symbol) {
  const Part part = part_of(symbol.op);
  return part == Part::load || part == Part::store;
}

/// Calls want all registers there are.
constexpr bool is_call(wasm::Op op) { return op == wasm::Op::call || op == wasm::Op::call_indirect; }

/// Adds the sequence, composing its handler.
template <Symbol... Sequence>
void add(Registry& registry) {
  static_assert(sizeof...(Sequence) <= max_sequence);
  static_assert(
      code_bytes + (operand_bytes(Sequence) + ...) <= Offsets<Operands::packed, Sequence...>::length,
      "it does not fit");
  static constexpr Symbol list[] = {Sequence...};
  constexpr bool clobbers =
      ((wants_registers(wasm::op_info(Sequence.op).text) || is_call(Sequence.op)) || ...);
  Handler handler;
  if constexpr (clobbers)
    handler = step_clobbering<Fused<Operands::packed, Sequence...>::body>;
  else
    handler = step<Fused<Operands::packed, Sequence...>::body>;
  registry.add(list, sizeof...(Sequence), handler, (uses_memory(Sequence) || ...));
}

}  // namespace cloche::interp
