// Pairs that begin with arithmetic of floats.
#include "interp/pairs.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Firsts>
void add_usual(TableBuilder& builder) {
  (add_pairs<Firsts, local_get, local_set, local_tee>(builder), ...);
}

}  // namespace

void add_float_pairs(TableBuilder& builder) {
  add_usual<f32_add, f32_sub, f32_mul, f32_div, f64_add, f64_sub, f64_mul, f64_div>(builder);
  add_pairs<f32_mul, f32_add, f32_sub>(builder);
  add_pairs<f64_mul, f64_add, f64_sub, f64_mul>(builder);
  add_pairs<f64_add, f64_store_1, f64_add>(builder);
}

}  // namespace cloche::interp
