// threads.h on wasi-threads, without a C library: each thread is an instance of the module on the same
// memory, with a stack of its own that thread_start.s makes its shadow stack.
#include "threads.h"

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define WASI(name) IMPORT("wasi_snapshot_preview1", name)

WASI("args_sizes_get") int args_sizes_get(uint32_t* count, uint32_t* bytes);
WASI("args_get") int args_get(char** argv, char* bytes);
WASI("fd_write") int fd_write(int fd, const void* vectors, uint32_t count, uint32_t* written);
WASI("proc_exit") _Noreturn void proc_exit(int code);
IMPORT("wasi", "thread-spawn") int thread_spawn(void* argument);

struct thread {
  char* stack_top;  // thread_start.s reads it: the first word
  void (*run)(uint32_t);
  uint32_t number;
};

static _Alignas(16) char stacks[max_threads][16384];
static struct thread table[max_threads];
static uint32_t started, running;

void thread_main(int id, struct thread* self) {
  (void)id;
  self->run(self->number);
  if (__atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST) == 0) wake(&running, UINT32_MAX);
}

void start(void (*run)(uint32_t), uint32_t number) {
  struct thread* self = &table[started];
  *self = (struct thread){stacks[started] + sizeof stacks[0], run, number};
  ++started;
  __atomic_fetch_add(&running, 1, __ATOMIC_SEQ_CST);
  if (thread_spawn(self) < 0) quit(3);
}

void join_all(void) {
  for (uint32_t left; (left = __atomic_load_n(&running, __ATOMIC_SEQ_CST)) != 0;) wait_while(&running, left);
}

void wait_while(uint32_t* word, uint32_t expected) {
  __builtin_wasm_memory_atomic_wait32((int*)word, (int)expected, -1);
}

void wake(uint32_t* word, uint32_t count) { __builtin_wasm_memory_atomic_notify((int*)word, count); }

void print(const char* text) {
  struct {
    const char* at;
    uint32_t size;
  } vector = {text, 0};
  while (text[vector.size]) ++vector.size;
  uint32_t written;
  if (fd_write(1, &vector, 1, &written) != 0 || written != vector.size) quit(4);
}

void quit(int code) { proc_exit(code); }

void _start(void) {
  static char* argv[8];
  static char bytes[256];
  uint32_t count, size;
  if (args_sizes_get(&count, &size) != 0 || count > 8 || size > sizeof bytes || args_get(argv, bytes) != 0)
    quit(5);
  const int code = program((int)count, argv);
  if (code != 0) quit(code);
}
