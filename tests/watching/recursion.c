// Overruns its shadow stack by recursion. The linker puts the data below the stack, and `canary` is its end.
#include <stdio.h>

static char canary[16] = "intact";

__attribute__((noinline)) int descend(int n) {
  volatile char frame[1000];
  frame[0] = (char)n;
  frame[999] = 1;
  if (n == 0) return frame[0];
  return descend(n - 1) + frame[999];
}

int main(int argc, char** argv) {
  int n = 0;
  for (const char* digit = argc > 1 ? argv[1] : "10"; *digit; ++digit) n = n * 10 + (*digit - '0');
  int sum = descend(n);
  printf("%d %s\n", sum, canary);
  return 0;
}
