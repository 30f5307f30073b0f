#include "wasi/errno.hpp"

#include <cerrno>

namespace cloche::wasi {
namespace {

struct Pair {
  int system;
  Errno errno_;
};
constexpr Pair pairs[] = {
#define ERRNO(name, system) {system, Errno::name},
#include "wasi/errnos.def"
#undef ERRNO
    {ENOTSUP, Errno::notsup},
    {EWOULDBLOCK, Errno::again},
};

}  // namespace

Errno from_system(platform::Errno error) {
  for (const Pair& pair : pairs)
    if (pair.system == error.number && pair.errno_ != Errno::success) return pair.errno_;
  return Errno::io;
}

}  // namespace cloche::wasi
