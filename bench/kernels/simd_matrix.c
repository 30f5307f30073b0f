// bench: group=simd result=i32 n=2000 quick=1 features=simd
// Products of 4x4 matrices and of points with them: f32x4 multiplications, additions and splats.
#include "bench.h"

typedef float f32x4 __attribute__((vector_size(16)));
enum { POINTS = 4096 };
static f32x4 points[POINTS], moved[POINTS];

static inline f32x4 splat(float x) { return (f32x4){x, x, x, x}; }

static inline f32x4 apply(const f32x4* m, f32x4 p) {
  return m[0] * splat(p[0]) + m[1] * splat(p[1]) + m[2] * splat(p[2]) + m[3] * splat(p[3]);
}

static NOINLINE void product(f32x4* out, const f32x4* a, const f32x4* b) {
  for (u32 i = 0; i < 4; i++) out[i] = apply(a, b[i]);
}

static NOINLINE void move_all(const f32x4* m) {
  for (u32 i = 0; i < POINTS; i++) moved[i] = apply(m, points[i]);
}

EXPORT u32 run(i32 n) {
  u32 seed = 9, sum = 0;
  for (u32 i = 0; i < POINTS; i++)
    for (u32 k = 0; k < 4; k++) points[i][k] = (float)(i32)(next_random(&seed) % 2001) / 1000.0f - 1.0f;
  for (i32 i = 0; i < n; i++) {
    f32x4 m[4] = {{1, 0, 0.25f, 0}, {0, 1, 0, 0.5f}, {0, 0.125f, 1, 0}, {0.0625f, 0, 0, 1}}, power[4];
    for (u32 k = 0; k < 3; k++) {
      product(power, m, m);
      for (u32 row = 0; row < 4; row++) m[row] = power[row] * splat(0.75f);
    }
    move_all(m);
    for (u32 k = 0; k < POINTS; k += 16) {
      const f32x4 p = moved[k] * splat(256.0f);
      sum = mix(sum, (u32)(i32)p[0] ^ (u32)(i32)p[3]);
    }
    points[(u32)i % POINTS] += splat(0.5f);
  }
  return sum;
}
