// bench: group=float result=i32 n=900 quick=40
// The Mandelbrot set on an n by n grid: f64 arithmetic in a short loop.
#include "bench.h"

EXPORT u32 run(i32 n) {
  u32 sum = 0;
  for (i32 y = 0; y < n; y++) {
    double ci = 2.0 * y / n - 1.0;
    for (i32 x = 0; x < n; x++) {
      double cr = 3.0 * x / n - 2.0, zr = 0, zi = 0;
      u32 steps = 0;
      while (steps < 250) {
        double zr2 = zr * zr, zi2 = zi * zi;
        if (zr2 + zi2 > 4.0) break;
        zi = 2.0 * zr * zi + ci;
        zr = zr2 - zi2 + cr;
        steps++;
      }
      sum = mix(sum, steps);
    }
  }
  return sum;
}
