// Handlers for the rows of opcodes.def that numeric.h computes: the function's own type says what to pop and
// push.
#pragma once

#include <array>
#include <string_view>
#include <type_traits>
#include <utility>

#include "interp/slots.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"
#include "wasm/numeric.h"

namespace cloche::interp {

namespace numeric = wasm::numeric;

/// What the deterministic profile makes of a result: nothing, or NaNs canonical, by the lanes' type.
enum class Canonical : uint8_t { no, f32, f64, f32x4, f64x2 };

template <Canonical Kind, class T>
CLOCHE_INLINE T canonicalized(T value) {
  if constexpr (Kind == Canonical::f32 || Kind == Canonical::f64)
    return numeric::canonicalize(value);
  else if constexpr (Kind == Canonical::f32x4)
    return numeric::canonicalize_f32x4(value);
  else if constexpr (Kind == Canonical::f64x2)
    return numeric::canonicalize_f64x2(value);
  else
    return value;
}

template <class T>
struct NumericResult {
  using Value = T;
  static constexpr bool traps = false;
};
template <class T>
struct NumericResult<numeric::Trapping<T>> {
  using Value = T;
  static constexpr bool traps = true;
};

/// Pops the operands of a function, calls it, pushes what it returns.
template <auto F, Canonical Kind, class R, class... A, size_t... I>
CLOCHE_INLINE Handler compute(State& s, R (*)(A...), std::index_sequence<I...>, unsigned length) {
  using Value = typename NumericResult<R>::Value;
  // Offset of each operand from the first, in slots; the last entry is their sum.
  constexpr auto offsets = [] {
    std::array<uint32_t, sizeof...(A) + 1> sums{};
    ((sums[I + 1] = sums[I] + slots_of<A>), ...);
    return sums;
  }();
  Slot* base = s.sp - offsets[sizeof...(A)];
  const R result = F(read_slot<A>(base + offsets[I])...);
  if constexpr (NumericResult<R>::traps) {
    if (result.trap != TrapCode::none) [[unlikely]]
      return trap(s, result.trap);
    write_slot(base, result.value);
  } else {
    write_slot(base, canonicalized<Kind>(result));
  }
  s.sp = base + slots_of<Value>;
  s.pc += length;
  return nullptr;
}

template <auto F, unsigned Length, Canonical Kind>
CLOCHE_INLINE Handler numeric_row(State& s) {
  constexpr auto arity = []<class R, class... A>(R (*)(A...)) { return sizeof...(A); }(F);
  return compute<F, Kind>(s, F, std::make_index_sequence<arity>(), Length);
}

/// Shifts and divisions are computed in registers that the state leaves to them on demand.
constexpr bool wants_registers(std::string_view text) {
  for (const std::string_view part : {".shl", ".shr", ".rot", ".div", ".rem", "mul_wide"})
    if (text.find(part) != std::string_view::npos) return true;
  return false;
}

/// The kind of canonicalization of a row's result. Operations on bits and on signs keep NaNs as they are,
/// also in the deterministic profile.
constexpr Canonical canonical_kind(const wasm::OpInfo& info) {
  if (info.signature.back() == 'i' || info.signature.back() == 'l') return Canonical::no;
  for (const std::string_view ending : {".abs", ".neg", ".copysign", ".eq", ".ne", ".lt", ".gt", ".le", ".ge",
                                        ".splat", ".pmin", ".pmax", ".reinterpret_i32", ".reinterpret_i64"})
    if (info.text.ends_with(ending)) return Canonical::no;
  if (info.text.starts_with("f32x4.")) return Canonical::f32x4;
  if (info.text.starts_with("f64x2.")) return Canonical::f64x2;
  if (info.text.starts_with("f32.")) return Canonical::f32;
  if (info.text.starts_with("f64.")) return Canonical::f64;
  return Canonical::no;
}

template <auto F, unsigned Length, Canonical Kind, bool Clobbers>
void add_numeric_as(TableBuilder& builder, wasm::Op op) {
  if constexpr (Clobbers)
    builder.any(op, step_clobbering<numeric_row<F, Length, Kind>>);
  else
    builder.any(op, step<numeric_row<F, Length, Kind>>);
}

/// Adds the handler of a row if it belongs to the file at hand. (A row whose opcode number takes two bytes
/// counts as two bytes long, see TableBuilder.)
template <auto F, wasm::Op Row, bool Belongs>
void add_numeric(TableBuilder& builder) {
  if constexpr (Belongs) {
    constexpr wasm::OpInfo info = wasm::op_info(Row);
    constexpr unsigned length = info.prefix == 0 ? 1 : 2;
    constexpr Canonical kind = canonical_kind(info);
    constexpr bool clobbers = wants_registers(info.text);
    if (kind != Canonical::no && builder.variant().deterministic)
      add_numeric_as<F, length, kind, clobbers>(builder, Row);
    else
      add_numeric_as<F, length, Canonical::no, clobbers>(builder, Row);
  } else {
    static_cast<void>(builder);
  }
}

}  // namespace cloche::interp

// One CLOCHE_NUMERIC_ROW(name) for each numeric row when opcodes.def is included with OP defined as
// CLOCHE_ROW.
#define CLOCHE_ROW(name, text, prefix, code, immediate, signature, family, access, traps, feature) \
  CLOCHE_ROW_##family(name)
#define CLOCHE_ROW_numeric(name)                                       \
  add_numeric<::cloche::wasm::numeric::name, ::cloche::wasm::Op::name, \
              belongs(::cloche::wasm::op_info(::cloche::wasm::Op::name))>(builder);
#define CLOCHE_ROW_control(name)
#define CLOCHE_ROW_parametric(name)
#define CLOCHE_ROW_variable(name)
#define CLOCHE_ROW_table(name)
#define CLOCHE_ROW_memory(name)
#define CLOCHE_ROW_const_(name)
#define CLOCHE_ROW_reference(name)
#define CLOCHE_ROW_aggregate(name)
#define CLOCHE_ROW_lane(name)
#define CLOCHE_ROW_shuffle(name)
#define CLOCHE_ROW_load(name)
#define CLOCHE_ROW_store(name)
#define CLOCHE_ROW_load_lane(name)
#define CLOCHE_ROW_store_lane(name)
#define CLOCHE_ROW_atomic_load(name)
#define CLOCHE_ROW_atomic_store(name)
#define CLOCHE_ROW_atomic_rmw(name)
#define CLOCHE_ROW_atomic_cmpxchg(name)
#define CLOCHE_ROW_atomic_wait(name)
#define CLOCHE_ROW_atomic_notify(name)
#define CLOCHE_ROW_atomic_fence(name)
