// bench: group=calls result=i32 n=36 quick=27
// Fibonacci by plain recursion: the cost of a direct call.
#include "bench.h"

static NOINLINE u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

EXPORT u32 run(i32 n) { return fib((u32)n); }
