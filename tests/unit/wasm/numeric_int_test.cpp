// Scalar integer instructions: edges, traps, and laws that hold for all operands.
#include "wasm/numeric_int.h"

#include "numeric_cases.h"

namespace cloche::wasm::numeric {
namespace {

constexpr uint32_t min32 = 0x80000000;
constexpr uint32_t minus1 = 0xFFFFFFFF;
constexpr uint64_t min64 = 0x8000000000000000;
constexpr uint64_t minus1l = ~uint64_t{0};

template <class T>
constexpr Trapping<T> trapped(TrapCode code) {
  return {0, code};
}
constexpr auto by_zero = TrapCode::integer_divide_by_zero;

// Counting
static_assert(i32_clz(0) == 32 && i32_clz(1) == 31 && i32_clz(minus1) == 0);
static_assert(i32_ctz(0) == 32 && i32_ctz(min32) == 31 && i32_ctz(1) == 0);
static_assert(i32_popcnt(0) == 0 && i32_popcnt(0xF0F00001) == 9 && i32_popcnt(minus1) == 32);
static_assert(i64_clz(0) == 64 && i64_clz(1) == 63 && i64_clz(minus1l) == 0);
static_assert(i64_ctz(0) == 64 && i64_ctz(min64) == 63 && i64_ctz(1) == 0);
static_assert(i64_popcnt(0) == 0 && i64_popcnt(min64 | 1) == 2 && i64_popcnt(minus1l) == 64);

// Arithmetic wraps
static_assert(i32_add(minus1, 2) == 1 && i32_sub(0, 1) == minus1 && i32_mul(0x10001, 0x10001) == 0x20001);
static_assert(i64_add(minus1l, 2) == 1 && i64_sub(0, 1) == minus1l && i64_mul(minus1l, minus1l) == 1);

// Division
static_assert(i32_div_s(uint32_t(-7), 2) == Trapping<uint32_t>{uint32_t(-3)});
static_assert(i32_div_s(min32, minus1) == trapped<uint32_t>(TrapCode::integer_overflow));
static_assert(i32_div_s(min32, 1) == Trapping<uint32_t>{min32} &&
              i32_div_s(1, 0) == trapped<uint32_t>(by_zero));
static_assert(i32_div_s(min32, 0) == trapped<uint32_t>(by_zero));
static_assert(i32_div_u(min32, minus1) == Trapping<uint32_t>{0} &&
              i32_div_u(0, 0) == trapped<uint32_t>(by_zero));
static_assert(i32_rem_s(uint32_t(-7), 2) == Trapping<uint32_t>{minus1} &&
              i32_rem_s(7, uint32_t(-2)) == Trapping<uint32_t>{1});
static_assert(i32_rem_s(min32, minus1) == Trapping<uint32_t>{0} &&
              i32_rem_s(1, 0) == trapped<uint32_t>(by_zero));
static_assert(i32_rem_u(minus1, 10) == Trapping<uint32_t>{5} &&
              i32_rem_u(1, 0) == trapped<uint32_t>(by_zero));
static_assert(i64_div_s(uint64_t(-7), 2) == Trapping<uint64_t>{uint64_t(-3)});
static_assert(i64_div_s(min64, minus1l) == trapped<uint64_t>(TrapCode::integer_overflow));
static_assert(i64_div_s(min64, 0) == trapped<uint64_t>(by_zero));
static_assert(i64_div_u(min64, minus1l) == Trapping<uint64_t>{0} &&
              i64_div_u(1, 0) == trapped<uint64_t>(by_zero));
static_assert(i64_rem_s(min64, minus1l) == Trapping<uint64_t>{0} &&
              i64_rem_s(1, 0) == trapped<uint64_t>(by_zero));
static_assert(i64_rem_u(minus1l, 10) == Trapping<uint64_t>{5} &&
              i64_rem_u(1, 0) == trapped<uint64_t>(by_zero));

// Bits; counts are modulo the width
static_assert(i32_and(0xF0F0, 0xFF00) == 0xF000 && i32_or(0xF0F0, 0xFF00) == 0xFFF0 &&
              i32_xor(0xF0F0, 0xFF00) == 0x0FF0);
static_assert(i32_shl(1, 31) == min32 && i32_shl(1, 32) == 1 && i32_shl(3, minus1) == min32);
static_assert(i32_shr_s(min32, 31) == minus1 && i32_shr_s(min32, 32) == min32 && i32_shr_u(min32, 31) == 1);
static_assert(i32_shr_u(min32, 33) == min32 >> 1);
static_assert(i32_rotl(0x80000001, 1) == 3 && i32_rotl(5, 32) == 5 &&
              i32_rotl(0xABCD9876, minus1) == 0x55E6CC3B);
static_assert(i32_rotr(3, 1) == 0x80000001 && i32_rotr(5, 32) == 5 && i32_rotr(1, 33) == min32);
static_assert(i64_and(min64 | 3, 1) == 1 && i64_or(min64, 1) == (min64 | 1) &&
              i64_xor(minus1l, 1) == minus1l - 1);
static_assert(i64_shl(1, 63) == min64 && i64_shl(1, 64) == 1);
static_assert(i64_shr_s(min64, 63) == minus1l && i64_shr_s(min64, 64) == min64 && i64_shr_u(min64, 63) == 1);
static_assert(i64_rotl(min64 | 1, 1) == 3 && i64_rotl(5, 64) == 5 && i64_rotr(3, 1) == (min64 | 1));

// Comparisons
static_assert(i32_eqz(0) == 1 && i32_eqz(min32) == 0 && i32_eq(5, 5) == 1 && i32_ne(5, 5) == 0);
static_assert(i32_lt_s(min32, 0) == 1 && i32_lt_u(min32, 0) == 0 && i32_gt_s(min32, 0) == 0 &&
              i32_gt_u(min32, 0) == 1);
static_assert(i32_le_s(minus1, 0) == 1 && i32_le_u(minus1, 0) == 0 && i32_ge_s(minus1, 0) == 0 &&
              i32_ge_u(minus1, 0) == 1);
static_assert(i32_lt_s(1, 1) == 0 && i32_le_s(1, 1) == 1 && i32_ge_u(1, 1) == 1 && i32_gt_u(1, 1) == 0);
static_assert(i64_eqz(0) == 1 && i64_eqz(min64) == 0 && i64_eq(min64, 0) == 0 && i64_ne(min64, 0) == 1);
static_assert(i64_lt_s(min64, 0) == 1 && i64_lt_u(min64, 0) == 0 && i64_gt_s(min64, 0) == 0 &&
              i64_gt_u(min64, 0) == 1);
static_assert(i64_le_s(minus1l, 0) == 1 && i64_le_u(minus1l, 0) == 0 && i64_ge_s(minus1l, 0) == 0 &&
              i64_ge_u(minus1l, 0) == 1);

// Sign extension
static_assert(i32_extend8_s(0x80) == 0xFFFFFF80 && i32_extend8_s(0xFFFFFF7F) == 0x7F);
static_assert(i32_extend16_s(0x8000) == 0xFFFF8000 && i32_extend16_s(0xFFFF7FFF) == 0x7FFF);
static_assert(i64_extend8_s(0x80) == uint64_t(-0x80) && i64_extend16_s(0x8000) == uint64_t(-0x8000));
static_assert(i64_extend32_s(min32) == 0xFFFFFFFF80000000 &&
              i64_extend32_s(0xFFFFFFFF7FFFFFFF) == 0x7FFFFFFF);

TEST(NumericInt, QuotientAndRemainderBelongTogether) {
  for (const uint32_t a : test::edge_integers<uint32_t>())
    for (const uint32_t b : test::edge_integers<uint32_t>()) {
      const auto quotient = i32_div_u(a, b);
      EXPECT_EQ(quotient.trap, b == 0 ? by_zero : TrapCode::none);
      if (b == 0) continue;
      EXPECT_EQ(quotient.value * b + i32_rem_u(a, b).value, a);
      const auto signed_quotient = i32_div_s(a, b);
      if (signed_quotient.trap == TrapCode::none) {
        EXPECT_EQ(signed_quotient.value * b + i32_rem_s(a, b).value, a);
      } else {
        EXPECT_TRUE(a == min32 && b == minus1 && signed_quotient.trap == TrapCode::integer_overflow);
      }
    }
}

TEST(NumericInt, RotationsUndoEachOther) {
  for (const uint64_t a : test::edge_integers<uint64_t>())
    for (const uint64_t b : test::edge_integers<uint64_t>()) {
      EXPECT_EQ(i64_rotr(i64_rotl(a, b), b), a);
      EXPECT_EQ(i64_or(i64_shl(i64_shr_u(a, b), b), a), a);
    }
}

}  // namespace
}  // namespace cloche::wasm::numeric
