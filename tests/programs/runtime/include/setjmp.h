// setjmp for guests: Debian's wasi-libc has none. clang rewrites the calls into exceptions when told
// -mllvm -wasm-enable-sjlj; ../setjmp.c is the small rest of it (tool conventions: SetjmpLongjmp).
#pragma once

// The convention reserves six words of a jmp_buf for the runtime; nothing else is kept there.
typedef struct {
  void* reserved[6];
} jmp_buf[1];
typedef jmp_buf sigjmp_buf;

int setjmp(jmp_buf) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf, int);

// There are no signals, so there is no mask to save.
#define _setjmp setjmp
#define _longjmp longjmp
#define sigsetjmp(buffer, mask) setjmp(buffer)
#define siglongjmp longjmp
