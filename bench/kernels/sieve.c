// bench: group=integer result=i32 n=36 quick=1
// The sieve of Eratosthenes over a million bytes, n times: byte stores with a stride.
#include "bench.h"

enum { LIMIT = 1000000 };
static u8 composite[LIMIT];

static u32 count_primes(u32 limit) {
  for (u32 i = 0; i < limit; i++) composite[i] = 0;
  u32 count = 0;
  for (u32 i = 2; i < limit; i++) {
    if (composite[i]) continue;
    count++;
    for (u32 j = i + i; j < limit; j += i) composite[j] = 1;
  }
  return count;
}

EXPORT u32 run(i32 n) {
  u32 sum = 0;
  for (i32 i = 0; i < n; i++) sum = mix(sum, count_primes(LIMIT - (u32)i * 1000));
  return sum;
}
