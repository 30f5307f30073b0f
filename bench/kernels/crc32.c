// bench: group=integer result=i32 n=1200 quick=10
// CRC-32 of 64 KiB, a byte and a table look-up at a time, n times.
#include "bench.h"

enum { SIZE = 65536 };
static u8 data[SIZE];
static u32 table[256];

static void make_table(void) {
  for (u32 i = 0; i < 256; i++) {
    u32 crc = i;
    for (u32 bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
    table[i] = crc;
  }
}

static u32 crc32(const u8 *bytes, u32 size, u32 crc) {
  crc = ~crc;
  for (u32 i = 0; i < size; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >> 8);
  return ~crc;
}

EXPORT u32 run(i32 n) {
  u32 seed = 1, crc = 0;
  make_table();
  for (u32 i = 0; i < SIZE; i++) data[i] = (u8)next_random(&seed);
  for (i32 i = 0; i < n; i++) crc = crc32(data, SIZE, crc);
  return crc;
}
