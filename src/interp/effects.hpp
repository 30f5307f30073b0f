// What an instruction is about to do to linear memory, read from its row, its immediates and its operands.
#pragma once

#include <cstdint>

#include "abi/watcher.hpp"
#include "interp/state.hpp"
#include "wasm/opcode.hpp"

namespace cloche::interp {

/// A range of bytes that an instruction reads or writes. It need not lie inside the memory: then the
/// instruction traps.
struct Access {
  uint32_t mem = 0;      // memory index
  uint64_t address = 0;  // effective address, without what overflows 64 bits
  uint64_t bytes = 0;
  uint64_t base = 0;       // the address operand
  uint64_t offset = 0;     // the immediate
  bool overflows = false;  // base + offset does not fit in 64 bits
};

struct Effects {
  wasm::Op op = wasm::Op::count_;
  bool reads = false;
  bool writes = false;
  Access read;
  Access write;
};

/// The accesses of the instruction at `site`, its operands being on the stack at `site.sp`. Neither reads nor
/// writes when it does not touch memory.
Effects effects_of(const abi::Site& site);

/// Operand slots that a row's signature takes from the stack; 0 for "?".
uint32_t operand_slots(const wasm::OpInfo& info);

/// The opcode at `pc`, in original bytes.
wasm::Op op_at(const uint8_t* pc);

}  // namespace cloche::interp
