// Bugs of each kind, by the program's argument.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile char sink;

__attribute__((noinline)) char* make(size_t size) { return malloc(size); }

__attribute__((noinline)) static void leak(void) {
  char* lost = make(33);
  memset(lost, 1, 33);
  sink = lost[5];
}
__attribute__((noinline)) static void overflow_write(char* block) { block[10] = 'x'; }
__attribute__((noinline)) static void overflow_read(char* block) { sink = block[10]; }
__attribute__((noinline)) static void use_after_free(char* block) {
  free(block);
  sink = block[3];
}
__attribute__((noinline)) static void double_free(char* block) {
  free(block);
  free(block);
}
__attribute__((noinline)) static void inner_free(char* block) { free(block + 4); }

/// Only a local holds the block when the program exits: it is reached still, and no leak.
__attribute__((noinline)) static void exit_with_a_block(char* block) {
  sink = block[1];
  exit(sink == 2 ? 3 : 0);
}

__attribute__((noinline)) static int clean(void) {
  char** rows = calloc(10, sizeof *rows);
  for (int i = 0; i < 10; ++i) {
    rows[i] = strdup("a row of text");
    rows[i] = realloc(rows[i], 20 + i * 10);
    strcat(rows[i], "!");
  }
  size_t total = 0;
  for (int i = 0; i < 10; ++i) total += strlen(rows[i]);
  for (int i = 0; i < 10; ++i) free(rows[i]);
  free(rows);
  return (int)total;
}

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "clean";
  if (!strcmp(what, "clean")) printf("%d\n", clean());
  if (!strcmp(what, "leak")) leak();
  if (!strcmp(what, "exit")) {
    char* block = make(100);
    memset(block, 1, 100);
    exit_with_a_block(block);
    sink = block[99];
  }
  if (!strcmp(what, "overflow-write")) {
    char* block = make(10);
    overflow_write(block);
    free(block);
  }
  if (!strcmp(what, "overflow-read")) {
    char* block = make(10);
    overflow_read(block);
    free(block);
  }
  if (!strcmp(what, "use-after-free")) use_after_free(make(10));
  if (!strcmp(what, "double-free")) double_free(make(10));
  if (!strcmp(what, "inner-free")) inner_free(make(10));
  return 0;
}
