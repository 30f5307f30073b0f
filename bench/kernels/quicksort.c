// bench: group=memory result=i32 n=22 quick=1
// Quicksort of 100,000 64-bit keys, n times: recursion, loads, compares, swaps.
#include "bench.h"

enum { COUNT = 100000 };
static u64 keys[COUNT];

static NOINLINE void quicksort(i32 low, i32 high) {
  while (low < high) {
    u64 pivot = keys[low + (high - low) / 2];
    i32 i = low, j = high;
    while (i <= j) {
      while (keys[i] < pivot) i++;
      while (keys[j] > pivot) j--;
      if (i <= j) {
        u64 key = keys[i];
        keys[i++] = keys[j];
        keys[j--] = key;
      }
    }
    if (j - low < high - i) {  // recursion into the smaller part keeps the stack shallow
      quicksort(low, j);
      low = i;
    } else {
      quicksort(i, high);
      high = j;
    }
  }
}

EXPORT u32 run(i32 n) {
  u32 seed = 9, sum = 0;
  for (i32 i = 0; i < n; i++) {
    for (u32 k = 0; k < COUNT; k++) keys[k] = (u64)next_random(&seed) << 24 | next_random(&seed);
    quicksort(0, COUNT - 1);
    for (u32 k = 1; k < COUNT; k++)
      if (keys[k - 1] > keys[k]) return 0;
    sum = mix(sum, (u32)keys[COUNT / 2]);
  }
  return sum;
}
