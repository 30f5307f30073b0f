// What every kernel shares: integer types, the export and a small random generator. No libc: the same source
// is compiled for wasm32 without any library, and natively with native_main.c.
#ifndef CLOCHE_BENCH_H
#define CLOCHE_BENCH_H

typedef signed char i8;
typedef unsigned char u8;
typedef unsigned short u16;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;

#ifdef __wasm__
#define EXPORT __attribute__((export_name("run")))
#else
#define EXPORT
#endif

#define NOINLINE __attribute__((noinline))

// A linear congruential generator: the same numbers on every engine, and cheap beside the work measured.
static inline u32 next_random(u32* state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

// Folds a value into a checksum.
static inline u32 mix(u32 sum, u32 value) { return ((sum << 5) | (sum >> 27)) ^ (value * 0x9e3779b1u); }

// The bits of a double as a checksum: results must be equal to the last bit.
static inline u32 double_bits(double x) {
  union {
    double value;
    u64 bits;
  } u = {x};
  return (u32)(u.bits ^ (u.bits >> 32));
}

#endif
