__attribute__((always_inline)) static inline int doubled(int n) {
  return n * 2;
}

__attribute__((always_inline)) static inline int read_at(volatile int *p) {
  return *p;  // load
}

int load(unsigned at);
int load(unsigned at) {
  return read_at((volatile int *)at);  // call of read_at
}
