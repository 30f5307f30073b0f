// bench: group=allocation result=i32 n=140 quick=1
// Binary trees are made, walked and freed: an allocator with a free list, pointers everywhere, recursion.
#include "bench.h"

typedef struct node {
  struct node *left, *right;
  u32 value;
} node;

enum { NODES = 1 << 17 };
static node arena[NODES];
static node* free_list;
static u32 used;

static NOINLINE node* allocate(void) {
  node* found = free_list;
  if (found) {
    free_list = found->left;
    return found;
  }
  return used < NODES ? &arena[used++] : 0;
}

static NOINLINE void release(node* n) {
  n->left = free_list;
  free_list = n;
}

static node* grow(u32 depth, u32* seed) {
  node* n = allocate();
  if (!n) return 0;
  n->value = next_random(seed) & 0xffff;
  n->left = depth ? grow(depth - 1, seed) : 0;
  n->right = depth ? grow(depth - 1, seed) : 0;
  return n;
}

static u32 sum_of(const node* n) { return n ? n->value + 2 * sum_of(n->left) + 3 * sum_of(n->right) : 0; }

static void prune(node* n) {
  if (!n) return;
  prune(n->left);
  prune(n->right);
  release(n);
}

EXPORT u32 run(i32 n) {
  u32 seed = 1, sum = 0;
  used = 0;
  free_list = 0;
  node* kept = grow(12, &seed);
  for (i32 i = 0; i < n; i++) {
    node* large = grow(14, &seed);
    sum = mix(sum, sum_of(large));
    for (u32 k = 0; k < 32; k++) {
      node* small = grow(k % 9, &seed);
      sum = mix(sum, sum_of(small));
      prune(small);
    }
    prune(large);
  }
  return mix(sum, sum_of(kept));
}
