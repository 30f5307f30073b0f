// Arithmetic of floats.
#include "interp/quicken/families.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Operators>
void add_common(Registry& registry) {
  (add_binary<Operators>(registry), ...);
}
template <Symbol... Operators>
void add_rare(Registry& registry) {
  (add_rare_binary<Operators>(registry), ...);
}

}  // namespace

void add_float_families(Registry& registry) {
  add_common<f32_add, f32_sub, f32_mul, f32_div, f64_add, f64_sub, f64_mul, f64_div>(registry);
  add_rare<f32_min, f32_max, f32_copysign, f64_min, f64_max, f64_copysign>(registry);
}

}  // namespace cloche::interp
