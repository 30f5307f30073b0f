// bench: group=memory result=i32 n=260 quick=2
// n generations of Conway's game of life on a 256 by 256 torus: eight neighbours for each byte.
#include "bench.h"

enum { SIZE = 256, MASK = SIZE - 1 };
static u8 worlds[2][SIZE][SIZE];

static NOINLINE void generation(u8 (*from)[SIZE], u8 (*to)[SIZE]) {
  for (u32 y = 0; y < SIZE; y++) {
    const u8 *above = from[(y - 1) & MASK], *here = from[y], *below = from[(y + 1) & MASK];
    for (u32 x = 0; x < SIZE; x++) {
      u32 left = (x - 1) & MASK, right = (x + 1) & MASK;
      u32 neighbours = above[left] + above[x] + above[right] + here[left] + here[right] + below[left] + below[x] +
                       below[right];
      to[y][x] = neighbours == 3 || (neighbours == 2 && here[x]);
    }
  }
}

EXPORT u32 run(i32 n) {
  u32 seed = 37, sum = 0;
  for (u32 y = 0; y < SIZE; y++)
    for (u32 x = 0; x < SIZE; x++) worlds[0][y][x] = next_random(&seed) % 3 == 0;
  for (i32 i = 0; i < n; i++) generation(worlds[i & 1], worlds[(i + 1) & 1]);
  for (u32 y = 0; y < SIZE; y++)
    for (u32 x = 0; x < SIZE; x++) sum = mix(sum, worlds[n & 1][y][x]);
  return sum;
}
