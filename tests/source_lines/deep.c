// A trap below an inlined function; check_source_lines.py looks for its lines by these marks.
#include "inlined.h"

__attribute__((noinline)) static int deep(int n) {
  if (n == 3) __builtin_trap();  // trap
  return n - deep(n + 1);  // recursion
}

static int middle(int n) {
  return doubled(deep(n));  // call of deep
}

int run(int n) {
  return middle(n) + 1;  // call of middle
}
