// bench: group=memory result=i32 n=500 quick=2
// Copies, reverses, compares and fills 64 KiB byte by byte, n times: what a C library does without bulk instructions.
#include "bench.h"

enum { SIZE = 65536 };
static u8 from[SIZE], to[SIZE];

// The volatile-free byte loops are kept apart, so that no compiler merges or widens them differently.
static NOINLINE void copy(u8 *restrict out, const u8 *restrict in, u32 size) {
#pragma clang loop vectorize(disable) unroll(disable)
  for (u32 i = 0; i < size; i++) out[i] = in[i];
}

static NOINLINE void reverse(u8 *bytes, u32 size) {
  for (u32 i = 0, j = size - 1; i < j; i++, j--) {
    u8 byte = bytes[i];
    bytes[i] = bytes[j];
    bytes[j] = byte;
  }
}

static NOINLINE u32 common_prefix(const u8 *a, const u8 *b, u32 size) {
  u32 i = 0;
  while (i < size && a[i] == b[i]) i++;
  return i;
}

static NOINLINE void fill(u8 *bytes, u8 value, u32 size) {
#pragma clang loop vectorize(disable) unroll(disable)
  for (u32 i = 0; i < size; i++) bytes[i] = value;
}

EXPORT u32 run(i32 n) {
  u32 seed = 11, sum = 0;
  for (u32 i = 0; i < SIZE; i++) from[i] = (u8)next_random(&seed);
  for (i32 i = 0; i < n; i++) {
    fill(to, (u8)i, SIZE);
    copy(to, from, SIZE - (u32)(i & 255));
    sum = mix(sum, common_prefix(to, from, SIZE));
    reverse(to, SIZE);
    sum = mix(sum, to[SIZE / 3]);
    from[SIZE - 1 - (i & 255)] ^= 1;
  }
  return sum;
}
