// bench: group=indirect result=i32 n=60 quick=1
// A generic sort with a comparison passed as a pointer, over records, n times: call_indirect in an algorithm.
#include "bench.h"

enum { COUNT = 20000 };
struct record {
  u32 key, rank;
};
static struct record records[COUNT], scratch[COUNT];
typedef i32 (*comparison)(const struct record *, const struct record *);

static i32 by_key(const struct record *a, const struct record *b) { return (a->key > b->key) - (a->key < b->key); }
static i32 by_rank(const struct record *a, const struct record *b) { return (a->rank > b->rank) - (a->rank < b->rank); }
static i32 by_low_bits(const struct record *a, const struct record *b) {
  return (i32)(a->key & 255) - (i32)(b->key & 255);
}
static comparison orders[] = {by_key, by_rank, by_low_bits};

static NOINLINE void merge_sort(u32 count, comparison compare) {
  for (u32 width = 1; width < count; width *= 2) {
    for (u32 low = 0; low < count; low += 2 * width) {
      u32 middle = low + width < count ? low + width : count;
      u32 high = middle + width < count ? middle + width : count;
      u32 i = low, j = middle;
      for (u32 k = low; k < high; k++) {
        int take_left = i < middle && (j >= high || compare(&records[i], &records[j]) <= 0);
        scratch[k] = records[take_left ? i++ : j++];
      }
    }
    for (u32 k = 0; k < count; k++) records[k] = scratch[k];
  }
}

EXPORT u32 run(i32 n) {
  u32 seed = 17, sum = 0;
  for (u32 i = 0; i < COUNT; i++) records[i] = (struct record){next_random(&seed), i};
  for (i32 i = 0; i < n; i++) {
    merge_sort(COUNT, orders[i % 3]);
    sum = mix(sum, records[(u32)i * 37 % COUNT].key);
  }
  return sum;
}
