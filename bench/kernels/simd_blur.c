// bench: group=simd result=i32 n=360 quick=1 features=simd
// A 3x3 blur of a grey picture, 16 pixels at a time: unaligned loads, widening, i16x8 arithmetic, shifts,
// narrowing.
#include "bench.h"

typedef u8 u8x16 __attribute__((vector_size(16)));
typedef u8 u8x8 __attribute__((vector_size(8)));
typedef unsigned short u16x8 __attribute__((vector_size(16)));
enum { WIDTH = 512, HEIGHT = 256 };
static u8 picture[2][HEIGHT][WIDTH + 32];

static inline u8x16 load(const u8* at) {
  u8x16 value;
  __builtin_memcpy(&value, at, sizeof value);
  return value;
}

static inline u16x8 low(u8x16 v) {
  return __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), u16x8);
}

static inline u16x8 high(u8x16 v) {
  return __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), u16x8);
}

static NOINLINE void blur(u8 (*from)[WIDTH + 32], u8 (*to)[WIDTH + 32]) {
  for (u32 y = 1; y + 1 < HEIGHT; y++) {
    for (u32 x = 16; x < WIDTH + 16; x += 16) {
      u16x8 sums[2] = {{0}, {0}};
      for (u32 row = y - 1; row <= y + 1; row++) {
        const u8x16 left = load(&from[row][x - 1]), middle = load(&from[row][x]),
                    right = load(&from[row][x + 1]);
        const unsigned short twice = row == y ? 2 : 1;
        sums[0] += (low(left) + low(middle) * 2 + low(right)) * twice;
        sums[1] += (high(left) + high(middle) * 2 + high(right)) * twice;
      }
      const u8x8 a = __builtin_convertvector(sums[0] >> 4, u8x8),
                 b = __builtin_convertvector(sums[1] >> 4, u8x8);
      const u8x16 out = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      __builtin_memcpy(&to[y][x], &out, sizeof out);
    }
  }
}

EXPORT u32 run(i32 n) {
  u32 seed = 4, sum = 0;
  for (u32 y = 0; y < HEIGHT; y++)
    for (u32 x = 0; x < WIDTH; x++) picture[0][y][x + 16] = (u8)next_random(&seed);
  for (i32 i = 0; i < n; i++) {
    blur(picture[i & 1], picture[~i & 1]);
    for (u32 y = 1; y < HEIGHT; y += 8) sum = mix(sum, picture[~i & 1][y][16 + y]);
    picture[~i & 1][100][(u32)i % WIDTH + 16] = 255;
  }
  return sum;
}
