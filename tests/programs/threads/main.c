// Threads as programs use them: a mutex and a barrier made of atomics, a queue, work taken from a shared
// counter.
#include "threads.h"

// A mutex of one word: 0 free, 1 held, 2 held and somebody may be waiting.
static void lock(uint32_t* mutex) {
  uint32_t seen = 0;
  if (__atomic_compare_exchange_n(mutex, &seen, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
  while (__atomic_exchange_n(mutex, 2, __ATOMIC_ACQUIRE) != 0) wait_while(mutex, 2);
}

static void unlock(uint32_t* mutex) {
  if (__atomic_exchange_n(mutex, 0, __ATOMIC_RELEASE) == 2) wake(mutex, 1);
}

static void print_number(const char* name, uint64_t value) {
  char text[24];
  int at = sizeof text - 1;
  text[at] = 0;
  text[--at] = '\n';
  do text[--at] = (char)('0' + value % 10);
  while (value /= 10);
  print(name);
  print(" ");
  print(text + at);
}

static uint32_t threads;

// counter: every kind of read-modify-write, and a plain variable under the mutex.
static uint32_t mutex, guarded, added, flags, turns;
static uint64_t wide;
static uint8_t narrow;

static void count(uint32_t number) {
  for (uint32_t i = 0; i < 5001; ++i) {
    __atomic_fetch_add(&added, i, __ATOMIC_SEQ_CST);
    __atomic_fetch_sub(&wide, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_xor(&narrow, (uint8_t)(1 << number % 8), __ATOMIC_SEQ_CST);
    __atomic_fetch_or(&flags, 1u << number, __ATOMIC_SEQ_CST);
    if (i % 8 == 0) {
      lock(&mutex);
      guarded += 3;
      unlock(&mutex);
    }
  }
  __atomic_fetch_add(&turns, 1, __ATOMIC_SEQ_CST);
}

static int counter(void) {
  for (uint32_t i = 0; i < threads; ++i) start(count, i);
  join_all();
  print_number("added", added);
  print_number("wide", wide);
  print_number("narrow", narrow);
  print_number("flags", flags);
  print_number("guarded", guarded);
  print_number("turns", turns);
  return 0;
}

// primes: blocks of numbers are taken from a shared counter.
enum { limit = 200000, block = 500 };
static uint32_t next_block, primes;
static uint64_t sum;

static int is_prime(uint32_t n) {
  for (uint32_t d = 2; d * d <= n; ++d)
    if (n % d == 0) return 0;
  return n > 1;
}

static void find_primes(uint32_t number) {
  (void)number;
  uint32_t first;
  while ((first = __atomic_fetch_add(&next_block, 1, __ATOMIC_RELAXED) * block) < limit) {
    uint32_t found = 0;
    uint64_t total = 0;
    for (uint32_t n = first; n < first + block; ++n)
      if (is_prime(n)) ++found, total += n;
    __atomic_fetch_add(&primes, found, __ATOMIC_RELAXED);
    __atomic_fetch_add(&sum, total, __ATOMIC_RELAXED);
  }
}

static int primes_verb(void) {
  for (uint32_t i = 0; i < threads; ++i) start(find_primes, i);
  join_all();
  print_number("primes", primes);
  print_number("sum", sum);
  return 0;
}

// queue: one producer, many consumers, a ring of eight; a condition is a word that counts changes.
enum { ring_size = 8, items = 4000 };
static uint32_t ring[ring_size], head, tail, changes, checksum, taken;

static void wait_for_change(uint32_t seen) {
  unlock(&mutex);
  wait_while(&changes, seen);
  lock(&mutex);
}

static void change(void) {
  __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
  wake(&changes, UINT32_MAX);
}

static void consume(uint32_t number) {
  (void)number;
  for (;;) {
    lock(&mutex);
    while (head == tail) wait_for_change(__atomic_load_n(&changes, __ATOMIC_SEQ_CST));
    const uint32_t item = ring[head++ % ring_size];
    change();
    unlock(&mutex);
    if (item == UINT32_MAX) return;
    __atomic_fetch_add(&checksum, item * 2654435761u, __ATOMIC_RELAXED);
    __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED);
  }
}

static void produce(uint32_t item) {
  lock(&mutex);
  while (tail - head == ring_size) wait_for_change(__atomic_load_n(&changes, __ATOMIC_SEQ_CST));
  ring[tail++ % ring_size] = item;
  change();
  unlock(&mutex);
}

static int queue(void) {
  for (uint32_t i = 0; i < threads; ++i) start(consume, i);
  for (uint32_t i = 0; i < items; ++i) produce(i);
  for (uint32_t i = 0; i < threads; ++i) produce(UINT32_MAX);
  join_all();
  print_number("taken", taken);
  print_number("checksum", checksum);
  return 0;
}

// barrier: a cellular automaton in strips, where no strip may run ahead.
enum { cells = 960, steps = 60 };
static uint8_t grid[2][cells];
static uint32_t arrived, generation;

static void barrier(void) {
  const uint32_t mine = __atomic_load_n(&generation, __ATOMIC_SEQ_CST);
  if (__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST) == threads) {
    __atomic_store_n(&arrived, 0, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&generation, 1, __ATOMIC_SEQ_CST);
    wake(&generation, UINT32_MAX);
  }
  while (__atomic_load_n(&generation, __ATOMIC_SEQ_CST) == mine) wait_while(&generation, mine);
}

static void automaton(uint32_t number) {
  const uint32_t strip = cells / threads, first = number * strip;
  const uint32_t last = number + 1 == threads ? cells : first + strip;
  for (uint32_t step = 0; step < steps; ++step) {
    const uint8_t* from = grid[step % 2];
    for (uint32_t i = first; i < last; ++i) {
      const uint32_t pattern = from[(i + cells - 1) % cells] * 4u + from[i] * 2u + from[(i + 1) % cells];
      grid[(step + 1) % 2][i] = 110 >> pattern & 1;
    }
    barrier();
  }
}

static int barrier_verb(void) {
  grid[0][cells / 2] = grid[0][7] = 1;
  for (uint32_t i = 0; i < threads; ++i) start(automaton, i);
  join_all();
  uint32_t alive = 0, hash = 2166136261u;
  for (uint32_t i = 0; i < cells; ++i) {
    alive += grid[steps % 2][i];
    hash = (hash ^ grid[steps % 2][i]) * 16777619u;
  }
  print_number("alive", alive);
  print_number("hash", hash);
  return 0;
}

// exit: the program ends though its threads never do.
static void wait_forever(uint32_t number) {
  (void)number;
  __atomic_fetch_add(&turns, 1, __ATOMIC_SEQ_CST);
  wake(&turns, 1);
  for (;;) wait_while(&flags, 0);
}

static int exit_verb(void) {
  for (uint32_t i = 0; i < threads; ++i) start(wait_forever, i);
  for (uint32_t seen; (seen = __atomic_load_n(&turns, __ATOMIC_SEQ_CST)) != threads;)
    wait_while(&turns, seen);
  print_number("waiting", turns);
  quit(9);
}

static int is(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

int program(int argc, char** argv) {
  static const struct {
    const char* name;
    int (*run)(void);
  } verbs[] = {{"counter", counter},
               {"primes", primes_verb},
               {"queue", queue},
               {"barrier", barrier_verb},
               {"exit", exit_verb}};
  if (argc != 3) return 2;
  for (const char* digit = argv[2]; *digit; ++digit) threads = threads * 10 + (uint32_t)(*digit - '0');
  if (threads < 1 || threads > max_threads) return 2;
  for (uint32_t i = 0; i < sizeof verbs / sizeof *verbs; ++i)
    if (is(argv[1], verbs[i].name)) return verbs[i].run();
  return 2;
}
