// A program for the system interface: arguments, a file, output, the clock, and with "trap" a division by zero.
#include <stdio.h>
#include <string.h>
#include <time.h>

__attribute__((noinline)) static int sum_of(FILE* file) {
  int sum = 0, byte;
  while ((byte = fgetc(file)) != EOF) sum += byte;
  return sum;
}

__attribute__((noinline)) static int divide(int a, int b) { return a / b; }

int main(int argc, char** argv) {
  FILE* file = fopen(argv[1], "rb");
  if (!file) return 3;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  printf("%d\n", sum_of(file));
  fclose(file);
  if (argc > 2 && !strcmp(argv[2], "trap")) return divide(argc, argc - 3);
  return 7;
}
