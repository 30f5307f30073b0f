// What main.c asks of a system: guest.c gives it with wasi-threads and atomics, native.c with pthreads and
// futexes.
#pragma once
#include <stdint.h>

enum { max_threads = 16 };

/// Starts a thread; ends the program with exit code 3 where there can be none.
void start(void (*run)(uint32_t number), uint32_t number);
/// Waits until every thread has returned.
void join_all(void);
/// Sleeps while *word == expected, until somebody wakes it. May return early.
void wait_while(uint32_t* word, uint32_t expected);
/// Wakes at most `count` sleepers.
void wake(uint32_t* word, uint32_t count);
/// Writes text to standard output.
void print(const char* text);
_Noreturn void quit(int code);
/// The program: what `main` does with its arguments; returns the exit code.
int program(int argc, char** argv);
