// Writes 16 bytes to standard output, a million times: the system calls that small_writes.wat makes.
#include <unistd.h>

int main(void) {
  for (int left = 1000000; left > 0; left--) {
    ssize_t written = write(1, "fifteen letters\n", 16);
    if (written < 0) return 1;
    if (written != 16) return 2;
  }
  return 0;
}
