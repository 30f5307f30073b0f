// bench: group=memory result=i32 n=800 quick=2
// Encodes 48 KiB as base64 and decodes it again, n times: bytes, shifts and table look-ups.
#include "bench.h"

enum { SIZE = 48 * 1024, ENCODED = SIZE / 3 * 4 };
static u8 plain[SIZE], encoded[ENCODED], decoded[SIZE], value_of[256];
static const u8 alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static NOINLINE void encode(void) {
  u8 *out = encoded;
  for (u32 i = 0; i < SIZE; i += 3) {
    u32 group = (u32)plain[i] << 16 | (u32)plain[i + 1] << 8 | plain[i + 2];
    *out++ = alphabet[group >> 18];
    *out++ = alphabet[group >> 12 & 63];
    *out++ = alphabet[group >> 6 & 63];
    *out++ = alphabet[group & 63];
  }
}

static NOINLINE u32 decode(void) {
  u8 *out = decoded;
  for (u32 i = 0; i < ENCODED; i += 4) {
    u32 group = 0;
    for (u32 k = 0; k < 4; k++) {
      u8 value = value_of[encoded[i + k]];
      if (value == 255) return 0;
      group = group << 6 | value;
    }
    *out++ = (u8)(group >> 16);
    *out++ = (u8)(group >> 8);
    *out++ = (u8)group;
  }
  return (u32)(out - decoded);
}

EXPORT u32 run(i32 n) {
  u32 seed = 13, sum = 0;
  for (u32 i = 0; i < 256; i++) value_of[i] = 255;
  for (u32 i = 0; i < 64; i++) value_of[alphabet[i]] = (u8)i;
  for (u32 i = 0; i < SIZE; i++) plain[i] = (u8)next_random(&seed);
  for (i32 i = 0; i < n; i++) {
    encode();
    sum = mix(sum, decode());
    sum = mix(sum, decoded[(u32)i % SIZE] ^ encoded[(u32)i % ENCODED]);
    plain[(u32)i % SIZE]++;
  }
  return sum;
}
