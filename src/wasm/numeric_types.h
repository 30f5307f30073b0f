// The C++ types of numeric instructions' operands and results: i32 is uint32_t, i64 is uint64_t, v128 is
// V128.
#pragma once

#include <cstdint>
#include <limits>

#include "wasm/trap.hpp"

namespace cloche::wasm::numeric {

/// f32 and f64. Loading, passing and storing these keeps every bit of a signalling NaN on the targets there
/// are (SSE2 and AArch64 registers); x87 registers would not.
using F32 = float;
using F64 = double;
static_assert(std::numeric_limits<F32>::is_iec559 && std::numeric_limits<F64>::is_iec559);

/// The result of an instruction that may trap: `value` counts only when `trap` is none.
template <class T>
struct Trapping {
  T value;
  TrapCode trap = TrapCode::none;

  bool operator==(const Trapping&) const = default;
};

}  // namespace cloche::wasm::numeric
