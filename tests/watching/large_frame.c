// One frame that is larger than the shadow stack: by a little, so that only zeroed data below it is damaged.
#include <unistd.h>

static char canary[2048];

__attribute__((noinline)) int fill(int n) {
  volatile char frame[66000];
  for (int i = 0; i < n; ++i) frame[i] = 'x';
  return frame[0];
}

int main(int argc, char** argv) {
  for (unsigned i = 0; i < sizeof canary; ++i) canary[i] = '.';
  fill(66000);
  int damaged = 0;
  for (unsigned i = 0; i < sizeof canary; ++i) damaged |= canary[i] != '.';
  write(1, damaged ? "damaged\n" : "intact\n", damaged ? 8 : 7);
  return 0;
}
