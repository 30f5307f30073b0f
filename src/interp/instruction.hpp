// The lengths of instructions in validated code.
#pragma once

#include <cstdint>

#include "wasm/opcode.hpp"

namespace cloche::interp {

struct Instruction {
  wasm::Op op;
  const uint8_t* immediates;  // after the opcode
  const uint8_t* next;        // after the immediates
};

/// The instruction at `at`.
Instruction decode_instruction(const uint8_t* at);

/// The instruction after the one at `at`.
inline const uint8_t* skip_instruction(const uint8_t* at) { return decode_instruction(at).next; }

}  // namespace cloche::interp
