// bench: group=allocation result=i32 n=300 quick=1
// malloc and free of many sizes from one heap: boundary tags, bins by size, splitting and joining, and
// zeroing.
#include "bench.h"

enum { WORDS = 1 << 18, BINS = 20, LIVE = 1024, HEADER = 2 };
// A block: [size in words << 1 | used] [size of the block before] payload; free ones keep (next, previous) in
// it.
static u32 heap[WORDS];
static u32 bins[BINS], live[LIVE];

static u32 bin_of(u32 words) {
  return 31 - (u32)__builtin_clz(words) < BINS ? 31 - (u32)__builtin_clz(words) : BINS - 1;
}
static u32 size_of(u32 at) { return heap[at] >> 1; }

static void link_in(u32 at) {
  u32* bin = &bins[bin_of(size_of(at))];
  heap[at + 2] = *bin;
  heap[at + 3] = 0;
  if (*bin) heap[*bin + 3] = at;
  *bin = at;
}

static void take_out(u32 at) {
  const u32 next = heap[at + 2], before = heap[at + 3];
  if (before) {
    heap[before + 2] = next;
  } else {
    bins[bin_of(size_of(at))] = next;
  }
  if (next) heap[next + 3] = before;
}

static void set_size(u32 at, u32 words, u32 in_use) {
  heap[at] = words << 1 | in_use;
  if (at + words < WORDS) heap[at + words + 1] = words;
}

static NOINLINE u32 allocate(u32 payload) {
  const u32 words = payload + HEADER < 4 ? 4 : payload + HEADER;
  for (u32 bin = bin_of(words); bin < BINS; bin++) {
    for (u32 at = bins[bin]; at; at = heap[at + 2]) {
      const u32 size = size_of(at);
      if (size < words) continue;
      take_out(at);
      if (size >= words + 4) {
        set_size(at + words, size - words, 0);
        heap[at + words + 1] = words;
        link_in(at + words);
        set_size(at, words, 1);
      } else {
        set_size(at, size, 1);
      }
      return at;
    }
  }
  return 0;
}

static NOINLINE void release(u32 at) {
  u32 size = size_of(at);
  const u32 next = at + size;
  if (next < WORDS && !(heap[next] & 1)) {
    take_out(next);
    size += size_of(next);
  }
  const u32 before = at - heap[at + 1];
  if (before != at && !(heap[before] & 1)) {
    take_out(before);
    size += at - before;
    at = before;
  }
  set_size(at, size, 0);
  link_in(at);
}

EXPORT u32 run(i32 n) {
  u32 seed = 5, sum = 0;
  for (u32 i = 0; i < BINS; i++) bins[i] = 0;
  for (u32 i = 0; i < LIVE; i++) live[i] = 0;
  heap[5] = 0;  // the first block, at 4, has none before it
  set_size(4, WORDS - 4, 0);
  link_in(4);
  for (i32 i = 0; i < n; i++) {
    for (u32 k = 0; k < 4000; k++) {
      const u32 slot = next_random(&seed) % LIVE;
      if (live[slot]) {
        sum = mix(sum, heap[live[slot] + HEADER]);
        release(live[slot]);
        live[slot] = 0;
        continue;
      }
      const u32 payload = 2 + next_random(&seed) % (next_random(&seed) % 16 ? 40 : 400);
      const u32 at = allocate(payload);
      if (!at) continue;
      live[slot] = at;
      for (u32 w = 0; w < payload; w++) heap[at + HEADER + w] = slot + w;
      sum = mix(sum, at);
    }
  }
  return sum;
}
