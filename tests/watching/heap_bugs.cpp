// The same in C++.
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

struct Node {
  Node* next;
  int values[3];
};

static volatile int sink;

__attribute__((noinline)) static Node* chain(int n) {
  Node* first = nullptr;
  for (int i = 0; i < n; ++i) first = new Node{first, {i, i, i}};
  return first;
}
__attribute__((noinline)) static void clean() {
  std::vector<std::string> words;
  for (int i = 0; i < 100; ++i) words.push_back(std::string(static_cast<size_t>(i), 'w'));
  const auto shared = std::make_shared<int>(3);
  sink = static_cast<int>(words.size()) + *shared;
}
__attribute__((noinline)) static void leak() {
  Node* lost = chain(3);
  sink = lost->values[0];
}
__attribute__((noinline)) static void overflow(int* values, int n) {
  for (int i = 0; i <= n; ++i) values[i] = i;
}
__attribute__((noinline)) static void use_after_delete() {
  Node* node = chain(1);
  delete node;
  sink = node->values[1];
}

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "clean";
  if (!std::strcmp(what, "clean")) clean();
  if (!std::strcmp(what, "leak")) leak();
  if (!std::strcmp(what, "overflow")) {
    int* values = new int[5];
    overflow(values, 5);
    sink = values[0];
    delete[] values;
  }
  if (!std::strcmp(what, "use-after-delete")) use_after_delete();
  std::puts("done");
  return 0;
}
