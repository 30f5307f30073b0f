// Arithmetic of i64.
#include "interp/quicken/families.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Operators>
void add_common(Registry& registry) {
  (add_binary<Operators, i64_const_1>(registry), ...);
}
template <Symbol... Operators>
void add_rare(Registry& registry) {
  (add_rare_binary<Operators, i64_const_1>(registry), ...);
}
template <Symbol... Firsts>
void add_mixing(Registry& registry) {
  (add_mixes<i64_const_1, Firsts, i64_xor, i64_or, i64_add, i64_and>(registry), ...);
}

}  // namespace

void add_long_families(Registry& registry) {
  add_common<i64_add, i64_sub, i64_mul, i64_and, i64_or, i64_xor, i64_shl, i64_shr_s, i64_shr_u>(registry);
  add_rare<i64_rotl, i64_rotr, i64_div_s, i64_div_u, i64_rem_s, i64_rem_u>(registry);
  add_mixing<i64_shl, i64_shr_u, i64_shr_s, i64_and>(registry);
}

}  // namespace cloche::interp
