// Copies standard input to standard output, 64 KiB at a time: the system calls that copy.wat makes.
#include <unistd.h>

static char buffer[65536];

int main(void) {
  for (;;) {
    ssize_t size = read(0, buffer, sizeof buffer);
    if (size < 0) return 1;
    if (size == 0) return 0;
    for (ssize_t at = 0; at < size;) {
      ssize_t written = write(1, buffer + at, (size_t)(size - at));
      if (written < 0) return 1;
      at += written;
    }
  }
}
