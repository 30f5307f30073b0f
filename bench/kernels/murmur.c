// bench: group=integer64 result=i64 n=7000 quick=10
// A multiplicative 64-bit hash in the manner of Murmur over 64 KiB, n times: i64 loads, multiplications, rotations.
#include "bench.h"

enum { WORDS = 8192 };
static u64 data[WORDS];

static inline u64 rotate(u64 x, u32 by) { return x << by | x >> (64 - by); }

static inline u64 finish(u64 h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdull;
  h ^= h >> 29;
  return h;
}

static NOINLINE u64 hash(u64 seed) {
  u64 h1 = seed, h2 = ~seed;
  for (u32 i = 0; i < WORDS; i += 2) {
    h1 ^= rotate(data[i] * 0x87c37b91114253d5ull, 31) * 0x4cf5ad432745937full;
    h1 = (rotate(h1, 27) + h2) * 5 + 0x52dce729;
    h2 ^= rotate(data[i + 1] * 0x4cf5ad432745937full, 33) * 0x87c37b91114253d5ull;
    h2 = (rotate(h2, 31) + h1) * 5 + 0x38495ab5;
  }
  return finish(h1) + finish(h2);
}

EXPORT u64 run(i32 n) {
  u32 seed = 23;
  u64 sum = 0;
  for (u32 i = 0; i < WORDS; i++) data[i] = (u64)next_random(&seed) << 40 ^ next_random(&seed);
  for (i32 i = 0; i < n; i++) sum = hash(sum + (u64)i);
  return sum;
}
