// bench: group=float result=i32 n=1000000 quick=4000
// n steps of a system of five bodies: f64 loads, stores, division and square root.
#include "bench.h"

enum { BODIES = 5 };
static double position[BODIES][3], velocity[BODIES][3], mass[BODIES];

static void place_bodies(void) {
  u32 seed = 42;
  for (u32 i = 0; i < BODIES; i++) {
    mass[i] = i == 0 ? 40.0 : 0.001 + 0.0001 * (double)(next_random(&seed) % 100);
    for (u32 k = 0; k < 3; k++) {
      position[i][k] = i == 0 ? 0.0 : (double)i * 5.0 + (double)(next_random(&seed) % 1000) / 500.0;
      velocity[i][k] = i == 0 ? 0.0 : ((double)(next_random(&seed) % 1000) - 500.0) / 400.0;
    }
  }
}

static void advance(double dt) {
  for (u32 i = 0; i < BODIES; i++) {
    for (u32 j = i + 1; j < BODIES; j++) {
      double dx = position[i][0] - position[j][0];
      double dy = position[i][1] - position[j][1];
      double dz = position[i][2] - position[j][2];
      double distance2 = dx * dx + dy * dy + dz * dz;
      double pull = dt / (distance2 * __builtin_sqrt(distance2));
      velocity[i][0] -= dx * mass[j] * pull;
      velocity[i][1] -= dy * mass[j] * pull;
      velocity[i][2] -= dz * mass[j] * pull;
      velocity[j][0] += dx * mass[i] * pull;
      velocity[j][1] += dy * mass[i] * pull;
      velocity[j][2] += dz * mass[i] * pull;
    }
  }
  for (u32 i = 0; i < BODIES; i++)
    for (u32 k = 0; k < 3; k++) position[i][k] += dt * velocity[i][k];
}

EXPORT u32 run(i32 n) {
  u32 sum = 0;
  place_bodies();
  for (i32 i = 0; i < n; i++) advance(0.001);
  for (u32 i = 0; i < BODIES; i++)
    for (u32 k = 0; k < 3; k++) sum = mix(sum, double_bits(position[i][k]));
  return sum;
}
