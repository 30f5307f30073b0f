// Arithmetic of i32.
#include "interp/quicken/families.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Operators>
void add_common(Registry& registry) {
  (add_binary<Operators, i32_const_1>(registry), ...);
}
template <Symbol... Operators>
void add_rare(Registry& registry) {
  (add_rare_binary<Operators, i32_const_1>(registry), ...);
}
template <Symbol... Firsts>
void add_mixing(Registry& registry) {
  (add_mixes<i32_const_1, Firsts, i32_xor, i32_or, i32_add, i32_and>(registry), ...);
}

}  // namespace

void add_integer_families(Registry& registry) {
  add_common<i32_add, i32_sub, i32_mul, i32_and, i32_or, i32_xor, i32_shl, i32_shr_s, i32_shr_u>(registry);
  add_rare<i32_rotl, i32_rotr, i32_div_s, i32_div_u, i32_rem_s, i32_rem_u>(registry);
  add_mixing<i32_shl, i32_shr_u, i32_shr_s, i32_and>(registry);
  // Addresses of static data are constants of five bytes.
  add_with_destinations<i32_const_5, i32_add>(registry);
  add_with_destinations<local_get, i32_const_5, i32_add>(registry);
  add_with_destinations<i32_const_2, i32_add>(registry);
  add_with_destinations<i32_const_2, i32_and>(registry);
  add_with_destinations<local_get, i32_const_2, i32_add>(registry);
  add_with_destinations<local_get, i32_const_2, i32_and>(registry);
}

}  // namespace cloche::interp
