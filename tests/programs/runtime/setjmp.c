// What clang's rewritten setjmp and longjmp call. A jmp_buf remembers which call of which function set it;
// longjmp throws the tag __c_longjmp (setjmp_tag.s) with the address of a pair (jmp_buf, value), and each
// function that called setjmp catches it and asks __wasm_setjmp_test whether it is the one meant.
#include <stdint.h>

struct longjmp_arguments {
  void* env;
  int val;
};

// The six words at the start of a jmp_buf.
struct record {
  void* invocation;
  uint32_t label;
  struct longjmp_arguments arguments;
};

_Static_assert(sizeof(struct record) <= 6 * sizeof(void*), "the convention reserves six words");

enum { tag_c_longjmp = 1 };  // clang's number for it in __builtin_wasm_throw

void __wasm_setjmp(void* env, uint32_t label, void* invocation) {
  struct record* record = env;
  record->invocation = invocation;
  record->label = label;
}

uint32_t __wasm_setjmp_test(void* env, void* invocation) {
  const struct record* record = env;
  return record->invocation == invocation ? record->label : 0;
}

void __wasm_longjmp(void* env, int val) {
  struct record* record = env;
  record->arguments.env = env;
  record->arguments.val = val != 0 ? val : 1;
  __builtin_wasm_throw(tag_c_longjmp, &record->arguments);
}
