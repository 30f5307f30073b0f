// The native counterpart of an engine's command line: calls run(n) and prints the checksum.
// BENCH_RESULT is the kernel's result type as the build gives it.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

extern BENCH_RESULT run(int32_t n);

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  printf("%llu\n", (unsigned long long)run((int32_t)atoi(argv[1])));
  return 0;
}
