#include "platform/resolve.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace cloche::platform {
namespace {

/// Once the kernel has refused openat2 as a call, it is not asked again.
std::atomic<bool> kernel_refuses = false;

int openat2(int directory, const char* path, int flags, mode_t mode) {
  open_how how = {};
  how.flags = static_cast<unsigned>(flags) | O_CLOEXEC;
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

/// Whether openat2 as such is refused: by a kernel before 5.6, or by a filter, which may say anything. A path
/// can give the same errors, so the question is asked with one whose answer is known: an absolute path is
/// never beneath.
bool call_is_refused(int error) {
  if (error != ENOSYS && error != EPERM && error != EACCES && error != EINVAL) return false;
  const Descriptor probe(uninterrupted([] { return openat2(AT_FDCWD, "/", O_PATH, 0); }));
  return !probe && errno != EXDEV;
}

/// The kernel says EAGAIN when somebody renames while it climbs a `..`: it cannot be sure then.
constexpr int attempts = 64;

int open_by_kernel(int directory, const char* path, int flags, mode_t mode) {
  for (int attempt = 0;; ++attempt) {
    const int fd = openat2(directory, path, flags, mode);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR) || attempt == attempts) return fd;
    if (errno == EAGAIN) sched_yield();
  }
}

}  // namespace

SystemResult<Descriptor> open_beneath(int directory, const std::string& path, int flags, mode_t mode,
                                      Resolver resolver) {
  if (resolver == Resolver::step_by_step || kernel_refuses.load(std::memory_order_relaxed))
    return open_step_by_step(directory, path, flags, mode);
  Descriptor opened(open_by_kernel(directory, path.c_str(), flags, mode));
  if (opened) return opened;
  const int error = errno;
  if (error == EXDEV) return base::Unexpected{Errno::outside()};
  if (error == EAGAIN) return open_step_by_step(directory, path, flags, mode);
  if (!call_is_refused(error)) return failed(error);
  kernel_refuses.store(true, std::memory_order_relaxed);
  return open_step_by_step(directory, path, flags, mode);
}

}  // namespace cloche::platform
