// bench: group=calls result=i32 n=14 quick=8
// Counts the solutions of the n-queens problem with bit sets: recursion and integer logic.
#include "bench.h"

static NOINLINE u32 place(u32 all, u32 columns, u32 left, u32 right) {
  if (columns == all) return 1;
  u32 count = 0;
  u32 free = all & ~(columns | left | right);
  while (free) {
    u32 bit = free & -free;
    free ^= bit;
    count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return count;
}

EXPORT u32 run(i32 n) {
  u32 sum = 0;
  for (i32 size = 4; size <= n; size++) sum = mix(sum, place((1u << size) - 1, 0, 0, 0));
  return sum;
}
