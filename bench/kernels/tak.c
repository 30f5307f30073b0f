// bench: group=calls result=i32 n=5000 quick=10
// Takeuchi's function and Ackermann's: deep recursion with several parameters.
#include "bench.h"

static NOINLINE i32 tak(i32 x, i32 y, i32 z) {
  if (y >= x) return z;
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

static NOINLINE u32 ackermann(u32 m, u32 n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

EXPORT u32 run(i32 n) {
  u32 sum = 0;
  for (i32 i = 0; i < n; i++) {
    sum = mix(sum, (u32)tak(14 + (i & 1), 9, 4));
    sum = mix(sum, ackermann(2, 40 + (u32)(i & 7)));
  }
  return sum;
}
