// bench: group=strings result=i32 n=210 quick=1
// Finds patterns with wildcards in 64 KiB of text, and formats and parses decimal numbers, n times.
#include "bench.h"

enum { SIZE = 65536 };
static char text[SIZE];

// Length of the match of `pattern` at `at`, or 0. '.' is any character; "x*" is any number of x.
static NOINLINE u32 match(const char *pattern, const char *at, const char *end) {
  const char *start = at;
  while (*pattern) {
    if (pattern[1] == '*') {
      while (at < end && (*pattern == '.' || *at == *pattern) && *at != ' ') at++;
      pattern += 2;
    } else {
      if (at >= end || (*pattern != '.' && *at != *pattern)) return 0;
      at++;
      pattern++;
    }
  }
  return (u32)(at - start);
}

static NOINLINE u32 format(char *out, u32 value) {
  char digits[10];
  u32 count = 0, length = 0;
  do digits[count++] = (char)('0' + value % 10);
  while (value /= 10);
  while (count) out[length++] = digits[--count];
  return length;
}

static NOINLINE u32 parse(const char *in, u32 length) {
  u32 value = 0;
  for (u32 i = 0; i < length; i++) value = value * 10 + (u32)(in[i] - '0');
  return value;
}

EXPORT u32 run(i32 n) {
  static const char *const patterns[] = {"ab", "a.c", "ba*c", "ccb"};
  u32 seed = 31, sum = 0;
  for (u32 i = 0; i < SIZE; i++) text[i] = "abc abcb"[next_random(&seed) % 8];
  for (i32 i = 0; i < n; i++) {
    const char *pattern = patterns[i & 3];
    for (u32 at = 0; at < SIZE; at++) sum += match(pattern, text + at, text + SIZE);
    char number[10];
    for (u32 k = 0; k < 4096; k++) sum = mix(sum, parse(number, format(number, next_random(&seed) >> (k & 15))));
  }
  return sum;
}
