// Unary operators, moves, long constants, calls.
#include "interp/quicken/families.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Constants>
void add_constants(Registry& registry) {
  (add<Constants, local_set>(registry), ...);
}

template <Symbol... Calls>
void add_indirect_calls(Registry& registry) {
  (add<local_get, Calls>(registry), ...);
  (add<i32_load_1, Calls>(registry), ...);
  (add<local_get, i32_load_1, Calls>(registry), ...);
}

template <Symbol... Singles>
void add_single(Registry& registry) {
  (add<Singles>(registry), ...);
}

}  // namespace

void add_other_families(Registry& registry) {
  add_unary<i32_eqz, i64_eqz, i32_clz, i32_ctz, i32_popcnt, i64_clz, i64_ctz, i64_popcnt, f32_abs, f32_neg,
            f32_ceil, f32_floor, f32_trunc, f32_nearest, f32_sqrt, f64_abs, f64_neg, f64_ceil, f64_floor,
            f64_trunc, f64_nearest, f64_sqrt, i32_wrap_i64, i32_trunc_f32_s, i32_trunc_f32_u, i32_trunc_f64_s,
            i32_trunc_f64_u, i64_extend_i32_s, i64_extend_i32_u, i64_trunc_f32_s, i64_trunc_f32_u,
            i64_trunc_f64_s, i64_trunc_f64_u, f32_convert_i32_s, f32_convert_i32_u, f32_convert_i64_s,
            f32_convert_i64_u, f32_demote_f64, f64_convert_i32_s, f64_convert_i32_u, f64_convert_i64_s,
            f64_convert_i64_u, f64_promote_f32, i32_reinterpret_f32, i64_reinterpret_f64, f32_reinterpret_i32,
            f64_reinterpret_i64, i32_extend8_s, i32_extend16_s, i64_extend8_s, i64_extend16_s,
            i64_extend32_s>(registry);
  add<local_get, local_set>(registry);
  add<local_get, local_tee>(registry);
  add<local_set, local_get>(registry);
  add<local_get, local_get>(registry);
  add<local_get, local_get, local_get>(registry);
  add<local_get, i32_const_1>(registry);
  add<local_get, br_if>(registry);
  add<local_get, if_>(registry);
  add<local_get, br_table>(registry);
  add<local_get, return_>(registry);
  add<local_tee, br_if>(registry);
  add<local_tee, if_>(registry);
  add<global_get, local_get>(registry);
  add<local_get, global_set>(registry);
  add<nop, nop>(registry);
  add<block, block>(registry);
  add_constants<i32_const_1, i32_const_2, i32_const_5, i64_const_1, f32_const, f64_const>(registry);
  add_indirect_calls<call_indirect_2, call_indirect_6, call_indirect_10>(registry);
  // Alone: a long LEB128 is read byte by byte, an operand at once.
  add_single<i32_const_5, i64_const_9, i64_const_10, call_5, call_indirect_6, call_indirect_10>(registry);
}

}  // namespace cloche::interp
