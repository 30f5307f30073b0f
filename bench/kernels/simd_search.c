// bench: group=simd result=i32 n=800 quick=1 features=simd
// Bytes of several kinds are counted in a text, 16 at a time: i8x16 comparisons, bitwise selection, masks.
#include "bench.h"

typedef u8 u8x16 __attribute__((vector_size(16)));
typedef u64 u64x2 __attribute__((vector_size(16)));
enum { SIZE = 262144 };
static u8 text[SIZE];

static inline u8x16 splat(u8 x) { return (u8x16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

// The sum of 16 bytes of at most 255 rounds each: no lane may overflow, so the caller adds up in time.
static inline u32 total(u8x16 counts) {
  u32 sum = 0;
  for (u32 i = 0; i < 16; i++) sum += counts[i];
  return sum;
}

static NOINLINE u32 count(u8 wanted) {
  u32 sum = 0;
  for (u32 i = 0; i < SIZE; i += 128 * 16) {
    u8x16 words = {0}, marks = {0};
    for (u32 k = 0; k < 128 * 16; k += 16) {
      const u8x16 bytes = *(const u8x16*)(text + i + k);
      const u8x16 lower = bytes | splat(0x20);
      const u8x16 letter = (u8x16)(lower >= splat('a')) & (u8x16)(lower <= splat('z'));
      words -= (u8x16)(lower == splat(wanted)) & letter;
      marks -= ~letter & (u8x16)(bytes != splat(' '));
    }
    sum = mix(sum, total(words) * 4096 + total(marks));
  }
  return sum;
}

static NOINLINE u32 first(u8 wanted, u32 from) {
  for (u32 i = from & ~15u; i < SIZE; i += 16) {
    const u64x2 equal = (u64x2)(*(const u8x16*)(text + i) == splat(wanted));
    if ((equal[0] | equal[1]) == 0) continue;
    for (u32 k = i; k < i + 16; k++)
      if (text[k] == wanted && k >= from) return k;
  }
  return SIZE;
}

EXPORT u32 run(i32 n) {
  u32 seed = 11, sum = 0;
  for (u32 i = 0; i < SIZE; i++) text[i] = (u8)(32 + next_random(&seed) % 94);
  for (i32 i = 0; i < n; i++) {
    sum = mix(sum, count((u8)('a' + i % 26)));
    text[(u32)i * 977 % SIZE] = 0xff;
    sum = mix(sum, first(0xff, (u32)i * 977 % SIZE));
    text[(u32)i * 977 % SIZE] = ' ';
  }
  return sum;
}
