// What the compiled compiler compiles. The result runs in the same engine, and this same text is compiled
// natively.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
  char text[16];
  unsigned count;
};

static int by_count(const void* a, const void* b) {
  const struct word *x = a, *y = b;
  if (x->count != y->count) return x->count < y->count ? 1 : -1;
  return strcmp(x->text, y->text);
}

static uint32_t state = 2463534242u;
static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}

static double integral(double (*f)(double), double from, double to, int steps) {
  const double h = (to - from) / steps;
  double sum = (f(from) + f(to)) / 2;
  for (int i = 1; i < steps; ++i) sum += f(from + i * h);
  return sum * h;
}

static double bell(double x) { return 1 / (1 + x * x); }

int main(int argc, char** argv) {
  const size_t limit = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
  size_t used = 0, room = 4;
  struct word* words = malloc(room * sizeof *words);
  for (size_t i = 0; i < limit; ++i) {
    char text[16];
    snprintf(text, sizeof text, "w%02x", next() % 64);
    size_t at = 0;
    while (at < used && strcmp(words[at].text, text) != 0) ++at;
    if (at == used) {
      if (used == room) words = realloc(words, (room *= 2) * sizeof *words);
      memset(&words[used], 0, sizeof *words);
      memcpy(words[used++].text, text, sizeof text);
    }
    ++words[at].count;
  }
  qsort(words, used, sizeof *words, by_count);
  for (size_t i = 0; i < 5 && i < used; ++i) printf("%s %u\n", words[i].text, words[i].count);
  free(words);
  printf("%zu %.9f %.9f %lld\n", used, integral(bell, 0, 1, 1000) * 4, sqrt(2),
         (long long)state * -1000000007LL);
  return ferror(stdout) ? 1 : 42;
}
