// threads.h on pthreads and Linux's futex, which is what WebAssembly's wait and notify are like.
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "threads.h"

struct thread {
  void (*run)(uint32_t);
  uint32_t number;
};

static struct thread table[max_threads];
static pthread_t handles[max_threads];
static uint32_t started;

static void* thread_main(void* argument) {
  struct thread* self = argument;
  self->run(self->number);
  return NULL;
}

void start(void (*run)(uint32_t), uint32_t number) {
  table[started] = (struct thread){run, number};
  if (pthread_create(&handles[started], NULL, thread_main, &table[started]) != 0) quit(3);
  ++started;
}

void join_all(void) {
  for (uint32_t i = 0; i < started; ++i) pthread_join(handles[i], NULL);
}

void wait_while(uint32_t* word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void wake(uint32_t* word, uint32_t count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count > INT32_MAX ? INT32_MAX : count, NULL, NULL, 0);
}

void print(const char* text) {
  fputs(text, stdout);
  fflush(stdout);
}

void quit(int code) { _exit(code); }

int main(int argc, char** argv) { return program(argc, argv); }
