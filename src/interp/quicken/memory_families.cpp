// Loads and stores. Without guard pages their handlers do not run, see Registry::install.
#include "interp/quicken/families.hpp"

namespace cloche::interp {
namespace {

using namespace symbols;

template <Symbol... Loads>
void add_loads(Registry& registry) {
  (add_with_destinations<Loads>(registry), ...);
  (add_with_destinations<local_get, Loads>(registry), ...);
  (add<i32_add, Loads>(registry), ...);
  (add<local_get, i32_add, Loads>(registry), ...);
}

template <Symbol... Stores>
void add_stores(Registry& registry) {
  (add<local_get, Stores>(registry), ...);
  (add<local_get, local_get, Stores>(registry), ...);
  (add<i32_add, Stores>(registry), ...);
}

template <Symbol Constant, Symbol... Stores>
void add_constant_stores(Registry& registry) {
  (add<Constant, Stores>(registry), ...);
  (add<local_get, Constant, Stores>(registry), ...);
}

/// Alone, for offsets whose LEB128 is long.
template <Symbol... Accesses>
void add_single(Registry& registry) {
  (add<Accesses>(registry), ...);
}

}  // namespace

void add_memory_families(Registry& registry) {
  add_loads<i32_load_1, i64_load_1, f32_load_1, f64_load_1, i32_load8_s_1, i32_load8_u_1, i32_load16_s_1,
            i32_load16_u_1, i64_load8_s_1, i64_load8_u_1, i64_load16_s_1, i64_load16_u_1, i64_load32_s_1,
            i64_load32_u_1>(registry);
  add_loads<i32_load_2, i64_load_2, f32_load_2, f64_load_2, i32_load8_s_2, i32_load8_u_2, i32_load16_s_2,
            i32_load16_u_2, i64_load8_s_2, i64_load8_u_2, i64_load16_s_2, i64_load16_u_2, i64_load32_s_2,
            i64_load32_u_2>(registry);
  add_stores<i32_store_1, i64_store_1, f32_store_1, f64_store_1, i32_store8_1, i32_store16_1, i64_store8_1,
             i64_store16_1, i64_store32_1>(registry);
  add_stores<i32_store_2, i64_store_2, f32_store_2, f64_store_2, i32_store8_2, i32_store16_2, i64_store8_2,
             i64_store16_2, i64_store32_2>(registry);
  add_constant_stores<i32_const_1, i32_store_1, i32_store8_1, i32_store16_1>(registry);
  add_constant_stores<i32_const_1, i32_store_2, i32_store8_2, i32_store16_2>(registry);
  add_constant_stores<i64_const_1, i64_store_1, i64_store8_1, i64_store16_1, i64_store32_1>(registry);
  add_constant_stores<i64_const_1, i64_store_2, i64_store8_2, i64_store16_2, i64_store32_2>(registry);
  add_single<i32_load_2, i32_load_3, i32_load_4, i32_load_5, i64_load_2, i64_load_3, i64_load_4, i64_load_5,
             f32_load_2, f32_load_3, f32_load_4, f32_load_5, f64_load_2, f64_load_3, f64_load_4, f64_load_5,
             i32_load8_s_2, i32_load8_s_3, i32_load8_s_4, i32_load8_s_5, i32_load8_u_2, i32_load8_u_3,
             i32_load8_u_4, i32_load8_u_5, i32_load16_s_2, i32_load16_s_3, i32_load16_s_4, i32_load16_s_5,
             i32_load16_u_2, i32_load16_u_3, i32_load16_u_4, i32_load16_u_5, i64_load8_s_2, i64_load8_s_3,
             i64_load8_s_4, i64_load8_s_5, i64_load8_u_2, i64_load8_u_3, i64_load8_u_4, i64_load8_u_5,
             i64_load16_s_2, i64_load16_s_3, i64_load16_s_4, i64_load16_s_5, i64_load16_u_2, i64_load16_u_3,
             i64_load16_u_4, i64_load16_u_5, i64_load32_s_2, i64_load32_s_3, i64_load32_s_4, i64_load32_s_5,
             i64_load32_u_2, i64_load32_u_3, i64_load32_u_4, i64_load32_u_5, i32_store_2, i32_store_3,
             i32_store_4, i32_store_5, i64_store_2, i64_store_3, i64_store_4, i64_store_5, f32_store_2,
             f32_store_3, f32_store_4, f32_store_5, f64_store_2, f64_store_3, f64_store_4, f64_store_5,
             i32_store8_2, i32_store8_3, i32_store8_4, i32_store8_5, i32_store16_2, i32_store16_3,
             i32_store16_4, i32_store16_5, i64_store8_2, i64_store8_3, i64_store8_4, i64_store8_5,
             i64_store16_2, i64_store16_3, i64_store16_4, i64_store16_5, i64_store32_2, i64_store32_3,
             i64_store32_4, i64_store32_5>(registry);
}

}  // namespace cloche::interp
