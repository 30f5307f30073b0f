// Values of the value stack as a person reads them.
#pragma once

#include <string>

#include "abi/context.hpp"
#include "wasm/types.hpp"

namespace cloche::debug {

/// Appends a value: "-3", "1.5", "i32x4 0x…", "null", "i31 5", "func $name", "struct", "array[3]", "extern
/// 7". `slot` holds one slot, two for a v128. Objects of the collected heap are looked at, so references must
/// be live.
void put_value(std::string& out, wasm::ValType type, const abi::Slot* slot);
/// "$name", "function 3", or "a host function".
std::string func_text(const abi::FuncObject& func);
std::string value_text(wasm::ValType type, const abi::Slot* slot);

}  // namespace cloche::debug
