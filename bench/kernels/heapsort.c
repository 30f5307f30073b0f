// bench: group=memory result=i32 n=20 quick=1
// Heapsort of 100,000 integers, n times: dependent loads and stores all over an array.
#include "bench.h"

enum { COUNT = 100000 };
static u32 values[COUNT];

static inline void sift_down(u32 root, u32 count) {
  u32 value = values[root];
  for (;;) {
    u32 child = 2 * root + 1;
    if (child >= count) break;
    if (child + 1 < count && values[child] < values[child + 1]) child++;
    if (values[child] <= value) break;
    values[root] = values[child];
    root = child;
  }
  values[root] = value;
}

static NOINLINE void heapsort(u32 count) {
  for (u32 i = count / 2; i-- > 0;) sift_down(i, count);
  for (u32 last = count - 1; last > 0; last--) {
    u32 top = values[0];
    values[0] = values[last];
    values[last] = top;
    sift_down(0, last);
  }
}

EXPORT u32 run(i32 n) {
  u32 seed = 5, sum = 0;
  for (i32 i = 0; i < n; i++) {
    for (u32 k = 0; k < COUNT; k++) values[k] = next_random(&seed);
    heapsort(COUNT);
    for (u32 k = 1; k < COUNT; k++)
      if (values[k - 1] > values[k]) return 0;
    sum = mix(sum, values[COUNT / 2]);
  }
  return sum;
}
