// Passing by the probes. A handler here either goes on with the instruction's own handler or asks the probes.
#include "interp/probe_gates.hpp"

#include "interp/access.hpp"
#include "interp/effects.hpp"
#include "interp/probes.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {

#if !CLOCHE_NO_PROBES

namespace {

using wasm::Op;

CLOCHE_INLINE Handler pass(const State& s) {
  return reinterpret_cast<const Handler*>(s.table[single_table_entry])[dispatch_word(s.pc)];
}

CLOCHE_INLINE const Gates& gates_of(const State& s) {
  return static_cast<const Probes*>(s.context->watcher)->gates();
}

/// A scalar load or store (operand slots: 1 or 2) of memory 0.
template <unsigned Slots>
Handler look_at_access(State& s) {
  const ProbeFilter& filter = gates_of(s).access_filter();
  const uint8_t* at = s.pc + 1;
  const MemArg arg = read_mem_arg(at);
  if (s.instance->mems[arg.mem] != filter.memory) return pass(s);
  uint64_t address;
  if (__builtin_add_overflow(read_address(s.sp - Slots, filter.memory->is_64), arg.offset, &address))
    return pass(s);  // a trap anyway
  return filter.passes(address, wasm::op_table[static_cast<size_t>(wasm::find_op(0, *s.pc))].access_bytes)
             ? pass(s)
             : static_cast<Handler>(ask_probes);
}

/// Exits of one activation.
Handler look_at_exit(State& s) {
  return gates_of(s).exit_filter()->frame == s.context->frame ? static_cast<Handler>(ask_probes) : pass(s);
}

/// Exits of one activation, and instructions at some places.
Handler look_at_place(State& s) {
  const Gates& gates = gates_of(s);
  const Frame* frame = s.context->frame;
  if (const ProbeFilter* exits = gates.exit_filter(); exits && exits->frame == frame) return ask_probes;
  const PreparedCode& code = *frame->code;
  return gates.may_be_place(code.begin + code_offset(code, s.pc)) ? static_cast<Handler>(ask_probes)
                                                                  : pass(s);
}

/// Instructions whose opcode takes more than a byte.
Handler look_at_opcode(State& s) {
  return gates_of(s).is_probed(op_at(s.pc)) ? static_cast<Handler>(ask_probes) : pass(s);
}

}  // namespace

Handler Gates::handler(uint8_t byte) const {
  switch (kinds_[byte]) {
    case Kind::none:
      return nullptr;
    case Kind::prefix:
      return step<look_at_opcode>;
    case Kind::accesses:
      return operand_slots(wasm::op_info(wasm::find_op(0, byte))) == 1 ? step<look_at_access<1>>
                                                                       : step<look_at_access<2>>;
    case Kind::exits:
      return step<look_at_exit>;
    case Kind::places:
      return step<look_at_place>;
    case Kind::all:
      return ask_probes;
  }
  return ask_probes;
}

#else

Handler Gates::handler(uint8_t) const { return nullptr; }

#endif

uint8_t Gates::first_byte(wasm::Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  return static_cast<uint8_t>(info.prefix != 0 ? info.prefix : info.code);
}

void Gates::need(wasm::Op op, Kind kind) {
  ops_.set(static_cast<size_t>(op));
  const auto combine = [&](uint8_t byte) {
    Kind& now = kinds_[byte];
    const auto is = [&](Kind one, Kind other) {
      return (now == one && kind == other) || (now == other && kind == one);
    };
    if (now == Kind::none || now == kind)
      now = kind;
    else if (is(Kind::exits, Kind::places))
      now = Kind::places;
    else
      now = Kind::all;
  };
  if (wasm::op_info(op).prefix != 0) return combine(first_byte(op));
  combine(first_byte(op));
  if (op != wasm::Op::end) return;
  // How a quickened copy spells `end`.
  combine(first_byte(wasm::Op::return_));
  combine(first_byte(wasm::Op::nop));
}

void Gates::add(wasm::Op op) { need(op, wasm::op_info(op).prefix != 0 ? Kind::prefix : Kind::all); }

void Gates::add_exits(wasm::Op op, const ProbeFilter& filter) {
  if (exit_filter_ && exit_filter_ != &filter) return add(op);
  exit_filter_ = &filter;
  need(op, Kind::exits);
}

void Gates::add_accesses(wasm::Op op, const ProbeFilter& filter) {
  const wasm::OpInfo& info = wasm::op_info(op);
  const bool is_scalar =
      info.prefix == 0 && (info.family == wasm::Family::load || info.family == wasm::Family::store);
  if (!is_scalar || (access_filter_ && access_filter_ != &filter)) return add(op);
  access_filter_ = &filter;
  need(op, Kind::accesses);
}

void Gates::add_place(wasm::Op op, const uint8_t* place) {
  places_.set(hash(place));
  need(op, wasm::op_info(op).prefix != 0 ? Kind::prefix : Kind::places);
}

}  // namespace cloche::interp
