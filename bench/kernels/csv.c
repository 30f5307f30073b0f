// bench: group=branches result=i32 n=600 quick=2
// Splits 64 KiB of comma-separated text into fields and sums them with a state machine, n times: a switch on the
// state, and one on the character, for each byte.
#include "bench.h"

enum { SIZE = 65536 };
static u8 text[SIZE];

static void write_text(void) {
  u32 seed = 19, at = 0;
  while (at < SIZE - 16) {
    u32 kind = next_random(&seed) % 8;
    if (kind == 0) text[at++] = '-';
    if (kind == 1) {
      text[at++] = '"';
      text[at++] = 'x';
      text[at++] = ',';
      text[at++] = '"';
      text[at++] = '"';
      text[at++] = '"';
    } else {
      for (u32 digits = 1 + next_random(&seed) % 6; digits; digits--) text[at++] = (u8)('0' + next_random(&seed) % 10);
    }
    text[at++] = next_random(&seed) % 10 == 0 ? '\n' : ',';
  }
  while (at < SIZE) text[at++] = '\n';
}

struct totals {
  u32 fields, lines, negative, quoted, sum;
};

static NOINLINE void parse(struct totals *t) {
  enum { START, NUMBER, QUOTED, QUOTE_IN_QUOTED, OTHER } state = START;
  u32 value = 0, sign = 0;
  for (u32 i = 0; i < SIZE; i++) {
    u8 c = text[i];
    switch (state) {
      case START:
        value = 0, sign = 0;
        switch (c) {
          case ',': t->fields++; break;
          case '\n': t->lines++; break;
          case '"': t->quoted++; state = QUOTED; break;
          case '-': t->negative++; sign = 1; state = NUMBER; break;
          case '0': case '1': case '2': case '3': case '4':
          case '5': case '6': case '7': case '8': case '9': value = (u32)c - '0'; state = NUMBER; break;
          default: state = OTHER; break;
        }
        break;
      case NUMBER:
        switch (c) {
          case '\n': t->lines++; __attribute__((fallthrough));
          case ',': t->fields++; t->sum += sign ? 0 - value : value; state = START; break;
          case '0': case '1': case '2': case '3': case '4':
          case '5': case '6': case '7': case '8': case '9': value = value * 10 + c - '0'; break;
          default: state = OTHER; break;
        }
        break;
      case QUOTED:
        if (c == '"') state = QUOTE_IN_QUOTED;
        break;
      case QUOTE_IN_QUOTED:
        switch (c) {
          case '"': state = QUOTED; break;
          case '\n': t->lines++; __attribute__((fallthrough));
          case ',': t->fields++; state = START; break;
          default: state = OTHER; break;
        }
        break;
      case OTHER:
        if (c == ',' || c == '\n') {
          t->fields++;
          t->lines += c == '\n';
          state = START;
        }
        break;
    }
  }
}

EXPORT u32 run(i32 n) {
  struct totals t = {0};
  write_text();
  for (i32 i = 0; i < n; i++) {
    parse(&t);
    text[(u32)i % SIZE] = (u8)('0' + i % 10);
  }
  return mix(mix(mix(mix(t.fields, t.lines), t.negative), t.quoted), t.sum);
}
