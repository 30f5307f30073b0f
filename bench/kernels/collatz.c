// bench: group=integer64 result=i32 n=700000 quick=10000
// The longest Collatz sequence that starts below n: 64-bit arithmetic and unpredictable branches.
#include "bench.h"

EXPORT u32 run(i32 n) {
  u32 longest = 0, start_of_longest = 0;
  for (u32 start = 1; start < (u32)n; start++) {
    u64 value = start;
    u32 steps = 0;
    while (value != 1) {
      value = value & 1 ? 3 * value + 1 : value >> 1;
      steps++;
    }
    if (steps > longest) {
      longest = steps;
      start_of_longest = start;
    }
  }
  return mix(longest, start_of_longest);
}
