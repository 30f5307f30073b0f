// How the instructions of a sequence look before quickening, and their operands after it.
//
// A sequence is quickened in place: its first two bytes become the superinstruction's code, and the operands
// follow without gaps, each as a plain little-endian number. They take no more room than their LEB128 forms
// did, and every instruction but the first has left its opcode byte, so those of two instructions always fit.
// The rest of the sequence's bytes is unused.
#pragma once

#include <cstdint>

#include "wasm/opcode.hpp"

namespace cloche::interp {

/// An instruction that may be part of a sequence: its row, and how many bytes its immediate takes as LEB128
/// (of a memory argument: its offset, after one byte of alignment). 0 when that does not vary.
struct Symbol {
  wasm::Op op;
  uint8_t leb_bytes;

  constexpr uint16_t key() const { return static_cast<uint16_t>(static_cast<unsigned>(op) << 4 | leb_bytes); }
  friend constexpr bool operator==(Symbol, Symbol) = default;
};

/// Instructions that read their immediates where they always stood, and so only end sequences.
constexpr bool keeps_immediates(wasm::Op op) { return op == wasm::Op::br_table; }

/// Bytes of the instruction in the original code; of those that keep their immediates only the opcode.
constexpr uint32_t original_bytes(Symbol symbol) {
  const wasm::OpInfo& info = wasm::op_info(symbol.op);
  const uint32_t opcode = info.prefix == 0 ? 1 : 2;
  if (keeps_immediates(symbol.op)) return opcode;
  switch (info.immediate) {
    case wasm::Imm::mem_arg:
      return opcode + 1 + symbol.leb_bytes;
    case wasm::Imm::f32:
      return opcode + 4;
    case wasm::Imm::f64:
      return opcode + 8;
    default:
      return opcode + symbol.leb_bytes;
  }
}

/// Bytes of its operand in quickened code. Labels and block types need none.
constexpr uint32_t operand_bytes(Symbol symbol) {
  const uint32_t leb = symbol.leb_bytes;
  switch (wasm::op_info(symbol.op).immediate) {
    case wasm::Imm::local:
    case wasm::Imm::global:
    case wasm::Imm::func:
    case wasm::Imm::mem_arg:
    case wasm::Imm::i32:
      return leb < 4 ? leb : 4;
    case wasm::Imm::type_table:
      return leb < 6 ? 1 : 4;
    case wasm::Imm::i64:
      return leb < 8 ? leb : 8;
    case wasm::Imm::f32:
      return 4;
    case wasm::Imm::f64:
      return 8;
    default:
      return 0;
  }
}

/// Reading an operand may read this many bytes beyond it.
inline constexpr uint32_t operand_overread = 8;
inline constexpr uint32_t code_bytes = 2;

}  // namespace cloche::interp
