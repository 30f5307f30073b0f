// bench: group=strings result=i32 n=650 quick=1
// Counts the words of a text in a hash table with chained entries, and finds the commonest, n times: string
// comparison, hashing, pointers in linear memory.
#include "bench.h"

enum { SIZE = 32768, BUCKETS = 1024, ENTRIES = 4096 };
struct entry {
  const char *word;
  u32 length, count;
  struct entry *next;
};
static char text[SIZE];
static struct entry entries[ENTRIES], *buckets[BUCKETS];
static u32 used;

static void write_text(void) {
  static const char *const syllables[] = {"ka", "lo", "mi", "ter", "an", "so", "ve", "ru", "ni", "qua", "el", "dor"};
  u32 seed = 29, at = 0;
  while (at < SIZE - 24) {
    for (u32 parts = 1 + next_random(&seed) % 3; parts; parts--) {
      const char *s = syllables[next_random(&seed) % 12];
      while (*s) text[at++] = *s++;
    }
    text[at++] = next_random(&seed) % 12 ? ' ' : '\n';
  }
  while (at < SIZE) text[at++] = ' ';
}

static NOINLINE int same(const char *a, const char *b, u32 length) {
  for (u32 i = 0; i < length; i++)
    if (a[i] != b[i]) return 0;
  return 1;
}

static NOINLINE void count_word(const char *word, u32 length) {
  u32 hash = 2166136261u;
  for (u32 i = 0; i < length; i++) hash = (hash ^ (u8)word[i]) * 16777619u;
  struct entry **bucket = &buckets[hash % BUCKETS];
  for (struct entry *e = *bucket; e; e = e->next) {
    if (e->length == length && same(e->word, word, length)) {
      e->count++;
      return;
    }
  }
  if (used == ENTRIES) return;
  struct entry *e = &entries[used++];
  *e = (struct entry){word, length, 1, *bucket};
  *bucket = e;
}

static inline int is_space(char c) { return c == ' ' || c == '\n'; }

EXPORT u32 run(i32 n) {
  u32 sum = 0;
  write_text();
  for (i32 i = 0; i < n; i++) {
    for (u32 b = 0; b < BUCKETS; b++) buckets[b] = 0;
    used = 0;
    for (u32 at = 0; at < SIZE;) {
      while (at < SIZE && is_space(text[at])) at++;
      u32 start = at;
      while (at < SIZE && !is_space(text[at])) at++;
      if (at > start) count_word(text + start, at - start);
    }
    const struct entry *best = entries;
    for (u32 e = 1; e < used; e++)
      if (entries[e].count > best->count) best = &entries[e];
    sum = mix(mix(sum, best->count), (u32)(best->word - text) + used);
    text[(u32)i * 97 % SIZE] = 'z';
  }
  return sum;
}
