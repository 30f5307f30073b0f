// Overruns its shadow stack by recursion. The linker puts zeroed data right below the stack: `canary`.
#include <unistd.h>

static char canary[2048];

__attribute__((noinline)) int descend(int n) {
  volatile char frame[1000];
  for (int i = 0; i < 1000; ++i) frame[i] = 'x';
  if (n == 0) return frame[0];
  return descend(n - 1) + frame[999] - 'x';
}

int main(int argc, char** argv) {
  for (unsigned i = 0; i < sizeof canary; ++i) canary[i] = '.';
  int n = 0;
  for (const char* digit = argv[1]; *digit; ++digit) n = n * 10 + (*digit - '0');
  descend(n);
  int damaged = 0;
  for (unsigned i = 0; i < sizeof canary; ++i) damaged |= canary[i] != '.';
  write(1, damaged ? "damaged\n" : "intact\n", damaged ? 8 : 7);
  return 0;
}
