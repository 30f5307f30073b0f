// Overruns its shadow stack into zeroed data: an array of more than 64 KiB, a counter above it, and then the stack.
#include <unistd.h>

static volatile char array[100000];
static volatile int counter;  // the code names its address, and nothing else tells where the stack ends
static int data = 7;          // there is a data segment, far below

__attribute__((noinline)) int descend(int n) {
  volatile char frame[1000];
  for (int i = 0; i < 1000; ++i) frame[i] = 'x';
  if (n == 0) return frame[0];
  return descend(n - 1) + frame[999] - 'x';
}

int main(int argc, char** argv) {
  int n = 0;
  for (const char* digit = argv[1]; *digit; ++digit) n = n * 10 + (*digit - '0');
  for (int i = 0; i < n; ++i) array[i * data] = 1;
  counter = 1;
  descend(n);
  write(1, counter == 1 ? "intact\n" : "damaged\n", counter == 1 ? 7 : 8);
  return 0;
}
