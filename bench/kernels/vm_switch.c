// bench: group=branches result=i32 n=2200000 quick=20000
// A bytecode interpreter with a switch in a loop: br_table, loads, an unpredictable branch for each instruction.
#include "bench.h"

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, XOR, LESS, JUMP, JUMP_IF, DUP, DROP, HALT };

// i = n; sum = 1; while (0 < i) { sum = (sum * 31 ^ i) + i; i = i - 1; }
static const i32 program[] = {
    PUSH,    1,        // 0
    STORE,   1,        // 2
    PUSH,    0,        // 4  loop:
    LOAD,    0,        // 6
    LESS,              // 8
    JUMP_IF, 13,       // 9
    JUMP,    34,       // 11
    LOAD,    1,        // 13 body:
    PUSH,    31,       // 15
    MUL,               // 17
    LOAD,    0,        // 18
    DUP,               // 20
    DROP,              // 21
    XOR,               // 22
    LOAD,    0,        // 23
    ADD,               // 25
    STORE,   1,        // 26
    LOAD,    0,        // 28
    PUSH,    1,        // 30
    JUMP,    37,       // 32
    LOAD,    1,        // 34 end:
    HALT,              // 36
    SUB,               // 37
    STORE,   0,        // 38
    JUMP,    4,        // 40
};

static NOINLINE u32 interpret(const i32 *code, u32 argument) {
  u32 stack[16], variables[4] = {argument, 0, 0, 0};
  u32 *top = stack;
  const i32 *pc = code;
  for (;;) {
    switch (*pc++) {
      case PUSH: *top++ = (u32)*pc++; break;
      case LOAD: *top++ = variables[*pc++]; break;
      case STORE: variables[*pc++] = *--top; break;
      case ADD: top--; top[-1] += *top; break;
      case SUB: top--; top[-1] -= *top; break;
      case MUL: top--; top[-1] *= *top; break;
      case XOR: top--; top[-1] ^= *top; break;
      case LESS: top--; top[-1] = top[-1] < *top; break;
      case JUMP: pc = code + *pc; break;
      case JUMP_IF: pc = *--top ? code + *pc : pc + 1; break;
      case DUP: *top = top[-1]; top++; break;
      case DROP: top--; break;
      case HALT: return top[-1];
      default: return 0;
    }
  }
}

EXPORT u32 run(i32 n) { return interpret(program, (u32)n); }
