// Comparisons with the branches that hang on them.
#include "interp/pairs.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Firsts>
void add_usual(TableBuilder& builder) {
  (add_pairs<Firsts, br_if, if_>(builder), ...);
}

}  // namespace

void add_compare_pairs(TableBuilder& builder) {
  add_usual<i32_eq, i32_ne, i32_lt_s, i32_lt_u, i32_gt_s, i32_gt_u, i32_le_s, i32_le_u, i32_ge_s, i32_ge_u,
            i64_eq, i64_ne, i64_lt_s, i64_lt_u, i64_gt_s, i64_gt_u, i64_le_s, i64_le_u, i64_ge_s, i64_ge_u,
            f32_eq, f32_ne, f32_lt, f32_gt, f32_le, f32_ge, f64_eq, f64_ne, f64_lt, f64_gt, f64_le, f64_ge>(
      builder);
}

}  // namespace cloche::interp
