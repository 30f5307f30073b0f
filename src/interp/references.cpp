// References: null, functions, equality, i31, tests and casts.
#include "interp/casts.hpp"
#include "interp/decode.hpp"
#include "interp/slots.hpp"
#include "interp/table.hpp"
#include "interp/trap.hpp"

namespace cloche::interp {
namespace {

Handler ref_null(State& s) {
  const uint8_t* at = s.pc + 1;
  static_cast<void>(read_sleb(at));
  *s.sp++ = abi::null_ref;
  s.pc = at;
  return nullptr;
}

Handler ref_func(State& s) {
  const uint8_t* at = s.pc + 1;
  *s.sp++ = abi::to_ref(s.instance->funcs[read_index(at)]);
  s.pc = at;
  return nullptr;
}

Handler ref_is_null(State& s) {
  s.sp[-1] = s.sp[-1] == abi::null_ref;
  s.pc += 1;
  return nullptr;
}

Handler ref_eq(State& s) {
  s.sp -= 1;
  s.sp[-1] = s.sp[-1] == s.sp[0];
  s.pc += 1;
  return nullptr;
}

Handler ref_as_non_null(State& s) {
  if (s.sp[-1] == abi::null_ref) return trap(s, TrapCode::null_reference);
  s.pc += 1;
  return nullptr;
}

template <bool Nullable>
Handler ref_test(State& s) {
  const uint8_t* at = s.pc + 2;
  s.sp[-1] = ref_is(s, s.sp[-1], Nullable, read_sleb(at));
  s.pc = at;
  return nullptr;
}

template <bool Nullable>
Handler ref_cast(State& s) {
  const uint8_t* at = s.pc + 2;
  if (!ref_is(s, s.sp[-1], Nullable, read_sleb(at))) return trap(s, TrapCode::cast_failure);
  s.pc = at;
  return nullptr;
}

/// any.convert_extern, extern.convert_any: the same bits.
Handler convert(State& s) {
  s.pc += 2;
  return nullptr;
}

Handler ref_i31(State& s) {
  s.sp[-1] = abi::make_i31(u32(s.sp[-1]));
  s.pc += 2;
  return nullptr;
}

template <auto Get>
Handler i31_get(State& s) {
  if (s.sp[-1] == abi::null_ref) return trap(s, TrapCode::null_i31_reference);
  s.sp[-1] = Get(s.sp[-1]);
  s.pc += 2;
  return nullptr;
}

}  // namespace

void add_references(TableBuilder& builder) {
  using wasm::Op;
  builder.any(Op::ref_null, step<ref_null>);
  builder.any(Op::ref_func, step<ref_func>);
  builder.any(Op::ref_is_null, step<ref_is_null>);
  builder.any(Op::ref_eq, step<ref_eq>);
  builder.any(Op::ref_as_non_null, step<ref_as_non_null>);
  builder.any(Op::ref_test, step<ref_test<false>>);
  builder.any(Op::ref_test_null, step<ref_test<true>>);
  builder.any(Op::ref_cast, step<ref_cast<false>>);
  builder.any(Op::ref_cast_null, step<ref_cast<true>>);
  builder.any(Op::any_convert_extern, step<convert>);
  builder.any(Op::extern_convert_any, step<convert>);
  builder.any(Op::ref_i31, step<ref_i31>);
  builder.any(Op::i31_get_s, step<i31_get<abi::i31_get_s>>);
  builder.any(Op::i31_get_u, step<i31_get<abi::i31_get_u>>);
}

}  // namespace cloche::interp
