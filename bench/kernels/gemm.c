// bench: group=float result=i32 n=45 quick=1
// n products of 128 by 128 matrices of f64: three nested loops over linear memory.
#include "bench.h"

enum { SIZE = 128 };
static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static NOINLINE void multiply(void) {
  for (u32 i = 0; i < SIZE; i++) {
    for (u32 j = 0; j < SIZE; j++) c[i][j] *= 0.5;
    for (u32 k = 0; k < SIZE; k++)
      for (u32 j = 0; j < SIZE; j++) c[i][j] += a[i][k] * b[k][j];
  }
}

EXPORT u32 run(i32 n) {
  u32 seed = 7, sum = 0;
  for (u32 i = 0; i < SIZE; i++)
    for (u32 j = 0; j < SIZE; j++) {
      a[i][j] = (double)(next_random(&seed) % 1000) / 1000.0;
      b[i][j] = (double)(next_random(&seed) % 1000) / 1000.0;
    }
  for (i32 i = 0; i < n; i++) multiply();
  for (u32 i = 0; i < SIZE; i++)
    for (u32 j = 0; j < SIZE; j++) sum = mix(sum, double_bits(c[i][j]));
  return sum;
}
