#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace cloche::base {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: internal error: %s\n", file, line, condition);
  std::abort();
}

}  // namespace cloche::base
