// bench: group=integer result=i32 n=160 quick=4
// Compresses 64 KiB with the rounds of SHA-256 (over constants of our own, so no hash anybody else computes), n
// times: 32-bit rotations, logic and additions in long straight lines, with many live locals.
#include "bench.h"

enum { BLOCKS = 1024, ROUNDS = 64 };
static u8 message[BLOCKS * 64];
static u32 round_constants[ROUNDS];

static inline u32 rotate(u32 x, u32 by) { return (x >> by) | (x << (32 - by)); }

static NOINLINE void compress(u32 state[8], const u8 *block) {
  u32 w[ROUNDS];
  for (u32 i = 0; i < 16; i++)
    w[i] = (u32)block[4 * i] << 24 | (u32)block[4 * i + 1] << 16 | (u32)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (u32 i = 16; i < ROUNDS; i++) {
    u32 s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
    u32 s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  u32 a = state[0], b = state[1], c = state[2], d = state[3];
  u32 e = state[4], f = state[5], g = state[6], h = state[7];
  for (u32 i = 0; i < ROUNDS; i++) {
    u32 s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    u32 t1 = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
    u32 s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    u32 t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

EXPORT u32 run(i32 n) {
  u32 state[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  u32 seed = 1, sum = 0;
  for (u32 i = 0; i < ROUNDS; i++) round_constants[i] = next_random(&seed) * 0x9e3779b1u;
  for (u32 i = 0; i < sizeof message; i++) message[i] = (u8)next_random(&seed);
  for (i32 i = 0; i < n; i++)
    for (u32 block = 0; block < BLOCKS; block++) compress(state, message + block * 64);
  for (u32 i = 0; i < 8; i++) sum = mix(sum, state[i]);
  return sum;
}
