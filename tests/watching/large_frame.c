// One frame that is larger than the shadow stack.
#include <stdio.h>

static char canary[16] = "intact";

__attribute__((noinline)) int fill(int n) {
  volatile char frame[80000];
  for (int i = 0; i < n; ++i) frame[i] = 'x';
  return frame[0];
}

int main(int argc, char** argv) {
  int first = fill(argc > 1 ? 80000 : 10);
  printf("%c %s\n", first, canary);
  return 0;
}
