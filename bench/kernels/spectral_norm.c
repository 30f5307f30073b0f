// bench: group=float result=i32 n=1200 quick=50
// The spectral norm of an n by n matrix that is computed, not stored: f64 division and conversions.
#include "bench.h"

enum { MAX = 2000 };
static double u[MAX], v[MAX], t[MAX];

static inline double element(u32 i, u32 j) { return 1.0 / (double)((i + j) * (i + j + 1) / 2 + i + 1); }

static NOINLINE void times(const double *in, double *out, u32 n) {
  for (u32 i = 0; i < n; i++) {
    double sum = 0;
    for (u32 j = 0; j < n; j++) sum += element(i, j) * in[j];
    out[i] = sum;
  }
}

static NOINLINE void times_transposed(const double *in, double *out, u32 n) {
  for (u32 i = 0; i < n; i++) {
    double sum = 0;
    for (u32 j = 0; j < n; j++) sum += element(j, i) * in[j];
    out[i] = sum;
  }
}

EXPORT u32 run(i32 n) {
  u32 size = n > MAX ? MAX : (u32)n;
  for (u32 i = 0; i < size; i++) u[i] = 1.0;
  for (u32 i = 0; i < 10; i++) {
    times(u, t, size);
    times_transposed(t, v, size);
    times(v, t, size);
    times_transposed(t, u, size);
  }
  double uv = 0, vv = 0;
  for (u32 i = 0; i < size; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return double_bits(__builtin_sqrt(uv / vv));
}
