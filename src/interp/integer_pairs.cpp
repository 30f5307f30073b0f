// Pairs that begin with arithmetic of i32.
#include "interp/pairs.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Firsts>
void add_usual(TableBuilder& builder) {
  (add_pairs<Firsts, local_get, local_set, local_tee, i32_const_1>(builder), ...);
}

}  // namespace

void add_integer_pairs(TableBuilder& builder) {
  add_usual<i32_add, i32_sub, i32_mul, i32_and, i32_or, i32_xor, i32_shl, i32_shr_s, i32_shr_u>(builder);
  add_pairs<i32_add, i32_load_1, i64_load_1, f32_load_1, f64_load_1, i32_load8_s_1, i32_load8_u_1,
            i32_load16_s_1, i32_load16_u_1, i64_load8_u_1, i64_load32_u_1, i32_add, i32_store_1,
            i32_store8_1>(builder);
  add_pairs<i32_shl, i32_add>(builder);
  add_pairs<i32_mul, i32_add>(builder);
  add_pairs<i32_shr_u, i32_xor>(builder);
  add_pairs<i32_eqz, br_if, if_>(builder);
}

}  // namespace cloche::interp
