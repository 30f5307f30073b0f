// bench: group=indirect result=i32 n=3000000 quick=20000
// A bytecode interpreter with a table of functions: one call_indirect for each instruction.
#include "bench.h"

struct machine {
  u32 registers[8];
  u32 pc;
};
struct instruction;
typedef void (*handler)(struct machine *, const struct instruction *);
struct instruction {
  u8 op, a, b, c;
};

static void op_add(struct machine *m, const struct instruction *i) {
  m->registers[i->a] = m->registers[i->b] + m->registers[i->c];
}
static void op_sub(struct machine *m, const struct instruction *i) {
  m->registers[i->a] = m->registers[i->b] - m->registers[i->c];
}
static void op_mul(struct machine *m, const struct instruction *i) {
  m->registers[i->a] = m->registers[i->b] * m->registers[i->c];
}
static void op_xor(struct machine *m, const struct instruction *i) {
  m->registers[i->a] = m->registers[i->b] ^ m->registers[i->c];
}
static void op_rotate(struct machine *m, const struct instruction *i) {
  u32 x = m->registers[i->b];
  m->registers[i->a] = x << (i->c & 31) | x >> (-(u32)i->c & 31);
}
static void op_set(struct machine *m, const struct instruction *i) { m->registers[i->a] = i->b; }
static void op_loop(struct machine *m, const struct instruction *i) {
  if (--m->registers[i->a]) m->pc = i->b;
}

enum { ADD, SUB, MUL, XOR, ROTATE, SET, LOOP };
static handler handlers[] = {op_add, op_sub, op_mul, op_xor, op_rotate, op_set, op_loop};

static const struct instruction program[] = {
    {SET, 1, 17, 0}, {SET, 2, 31, 0},                                                       // before the loop
    {MUL, 3, 1, 2},  {ADD, 1, 3, 0},  {ROTATE, 1, 1, 7}, {XOR, 4, 4, 1}, {SUB, 5, 4, 3},    // 2: the loop
    {ADD, 1, 1, 5},  {LOOP, 0, 2, 0},
};

EXPORT u32 run(i32 n) {
  struct machine m = {{0}, 0};
  m.registers[0] = n > 0 ? (u32)n : 1;
  while (m.pc < sizeof program / sizeof *program) {
    const struct instruction *i = &program[m.pc++];
    handlers[i->op](&m, i);
  }
  return mix(m.registers[1], m.registers[4]);
}
