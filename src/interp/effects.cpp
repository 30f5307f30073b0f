#include "interp/effects.hpp"

#include "interp/access.hpp"
#include "interp/instruction.hpp"

namespace cloche::interp {
namespace {

using wasm::Family;
using wasm::Op;

bool is_load(Family family) {
  return family == Family::load || family == Family::load_lane || family == Family::atomic_load ||
         family == Family::atomic_wait;
}

bool is_store(Family family) {
  return family == Family::store || family == Family::store_lane || family == Family::atomic_store;
}

bool is_rmw(Family family) { return family == Family::atomic_rmw || family == Family::atomic_cmpxchg; }

/// A range that starts at an operand, in a memory of 32 or 64 bits.
Access range(const abi::Site& site, uint32_t mem, const Slot* base, uint64_t offset, uint64_t bytes) {
  Access access{mem, 0, bytes, read_address(base, site.instance->mems[mem]->is_64), offset, false};
  access.overflows = __builtin_add_overflow(access.base, offset, &access.address);
  return access;
}

void scalar_access(const abi::Site& site, const wasm::OpInfo& info, const uint8_t* immediates,
                   Effects& effects) {
  const MemArg arg = read_mem_arg(immediates);
  const Access access = range(site, arg.mem, site.sp - operand_slots(info), arg.offset, info.access_bytes);
  effects.reads = is_load(info.family) || is_rmw(info.family);
  effects.writes = is_store(info.family) || is_rmw(info.family);
  effects.read = effects.write = access;
}

uint64_t length(const abi::Site& site, bool is_64) { return read_address(site.sp - 1, is_64); }

void bulk_access(const abi::Site& site, const uint8_t* immediates, Effects& effects) {
  const abi::Memory* const* mems = site.instance->mems;
  const uint32_t first = read_index(immediates);
  if (effects.op == Op::memory_fill) {
    effects.writes = true;
    effects.write = range(site, first, site.sp - 3, 0, length(site, mems[first]->is_64));
  } else if (effects.op == Op::memory_init) {
    effects.writes = true;
    effects.write = range(site, read_index(immediates), site.sp - 3, 0, length(site, false));
  } else if (effects.op == Op::memory_copy) {
    const uint32_t from = read_index(immediates);
    const uint64_t bytes = length(site, mems[first]->is_64 && mems[from]->is_64);
    effects.reads = effects.writes = true;
    effects.write = range(site, first, site.sp - 3, 0, bytes);
    effects.read = range(site, from, site.sp - 2, 0, bytes);
  }
}

}  // namespace

uint32_t operand_slots(const wasm::OpInfo& info) {
  uint32_t slots = 0;
  if (info.signature == "?") return slots;
  for (const char letter : info.signature) {
    if (letter == ':') break;
    slots += letter == 'v' ? 2 : 1;
  }
  return slots;
}

wasm::Op op_at(const uint8_t* pc) {
  const uint8_t first = *pc++;
  return wasm::is_prefix(first) ? wasm::find_op(first, read_index(pc)) : wasm::find_op(0, first);
}

Effects effects_of(const abi::Site& site) {
  const Instruction instruction = decode_instruction(site.pc);
  const wasm::OpInfo& info = wasm::op_info(instruction.op);
  Effects effects;
  effects.op = instruction.op;
  if (is_load(info.family) || is_store(info.family) || is_rmw(info.family))
    scalar_access(site, info, instruction.immediates, effects);
  else if (info.family == Family::memory)
    bulk_access(site, instruction.immediates, effects);
  return effects;
}

}  // namespace cloche::interp
