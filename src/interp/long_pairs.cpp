// Pairs that begin with arithmetic of i64.
#include "interp/pairs.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Firsts>
void add_usual(TableBuilder& builder) {
  (add_pairs<Firsts, local_get, local_set, local_tee, i64_const_1>(builder), ...);
}

}  // namespace

void add_long_pairs(TableBuilder& builder) {
  add_usual<i64_add, i64_sub, i64_mul, i64_and, i64_or, i64_xor, i64_shl, i64_shr_s, i64_shr_u>(builder);
  add_pairs<i64_mul, i64_add>(builder);
  add_pairs<i64_shr_u, i64_xor>(builder);
  add_pairs<i64_shl, i64_xor>(builder);
  add_pairs<i64_eqz, br_if, if_>(builder);
}

}  // namespace cloche::interp
