// Comparisons, and the branches that hang on them.
#include "interp/quicken/families.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

}  // namespace

void add_compare_families(Registry& registry) {
  add_comparisons<i32_eq, i32_ne, i32_lt_s, i32_lt_u, i32_gt_s, i32_gt_u, i32_le_s, i32_le_u, i32_ge_s,
                  i32_ge_u>(registry);
  add_comparisons_with<i32_const_1, i32_eq, i32_ne, i32_lt_s, i32_lt_u, i32_gt_s, i32_gt_u, i32_le_s,
                       i32_le_u, i32_ge_s, i32_ge_u>(registry);
  add_decisions<i32_eqz>(registry);
  add_decisions<local_get, i32_eqz>(registry);
  add_decisions<local_tee, i32_eqz>(registry);
  add_comparisons<i64_eq, i64_ne, i64_lt_s, i64_lt_u, i64_gt_s, i64_gt_u, i64_le_s, i64_le_u, i64_ge_s,
                  i64_ge_u>(registry);
  add_comparisons_with<i64_const_1, i64_eq, i64_ne, i64_lt_s, i64_lt_u, i64_gt_s, i64_gt_u, i64_le_s,
                       i64_le_u, i64_ge_s, i64_ge_u>(registry);
  add_decisions<i64_eqz>(registry);
  add_decisions<local_get, i64_eqz>(registry);
  add_decisions<local_tee, i64_eqz>(registry);
  add_comparisons<f32_eq, f32_ne, f32_lt, f32_gt, f32_le, f32_ge>(registry);
  add_comparisons<f64_eq, f64_ne, f64_lt, f64_gt, f64_le, f64_ge>(registry);
}

}  // namespace cloche::interp
