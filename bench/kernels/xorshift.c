// bench: group=integer64 result=i64 n=80000000 quick=300000
// A 64-bit xorshift generator and a running mean of its output: shifts, logic and one multiplication of i64.
#include "bench.h"

EXPORT u64 run(i32 n) {
  u64 x = 88172645463325252ull, sum = 0;
  for (i32 i = 0; i < n; i++) {
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    sum += (x * 0x2545f4914f6cdd1dull) >> 17;
  }
  return sum;
}
