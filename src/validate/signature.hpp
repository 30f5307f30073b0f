// The fixed signatures of opcodes.def as values that the compiler computes with.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "wasm/opcode.hpp"
#include "wasm/types.hpp"

namespace cloche::validate {

/// Operand and result letters of a row: i l f d v, and a for the address type of the memory immediate.
struct Signature {
  uint8_t in_count = 0;
  uint8_t out_count = 0;
  std::array<char, 4> in{};
  std::array<char, 2> out{};
  friend constexpr bool operator==(const Signature&, const Signature&) = default;
};

constexpr bool has_fixed_signature(wasm::Op op) { return wasm::op_info(op).signature != "?"; }

/// The signature of a row that has a fixed one.
constexpr Signature signature_of(wasm::Op op) {
  Signature signature;
  bool results = false;
  for (const char letter : wasm::op_info(op).signature) {
    if (letter == ':')
      results = true;
    else if (results)
      signature.out[signature.out_count++] = letter;
    else
      signature.in[signature.in_count++] = letter;
  }
  return signature;
}

/// The type of a letter; `a` is `addr`.
constexpr wasm::ValType type_of(char letter, wasm::ValType addr = wasm::ValType::bot()) {
  switch (letter) {
    case 'i':
      return wasm::ValType::i32();
    case 'l':
      return wasm::ValType::i64();
    case 'f':
      return wasm::ValType::f32();
    case 'd':
      return wasm::ValType::f64();
    case 'v':
      return wasm::ValType::v128();
    default:
      return addr;
  }
}

}  // namespace cloche::validate
