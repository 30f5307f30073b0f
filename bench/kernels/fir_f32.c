// bench: group=float result=i32 n=150 quick=1
// A recursive and a finite filter over 64 Ki samples of f32, n times: single precision, and conversions to integer.
#include "bench.h"

enum { SAMPLES = 65536, TAPS = 16 };
static float input[SAMPLES], output[SAMPLES], taps[TAPS];

static NOINLINE void filter(void) {
  float state = 0;
  for (u32 i = TAPS; i < SAMPLES; i++) {
    float sum = 0;
    for (u32 k = 0; k < TAPS; k++) sum += input[i - k] * taps[k];
    state = state * 0.9f + sum;
    output[i] = state;
  }
}

EXPORT u32 run(i32 n) {
  u32 seed = 3, sum = 0;
  for (u32 i = 0; i < SAMPLES; i++) input[i] = (float)(i32)(next_random(&seed) % 2001 - 1000) / 1000.0f;
  for (u32 k = 0; k < TAPS; k++) taps[k] = 1.0f / (float)(k + 2);
  for (i32 i = 0; i < n; i++) {
    filter();
    for (u32 k = 0; k < SAMPLES; k += 64) sum = mix(sum, (u32)(i32)(output[k] * 1000.0f));
    input[i & (SAMPLES - 1)] += 0.5f;
  }
  return sum;
}
