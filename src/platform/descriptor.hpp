// A file descriptor and its owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace cloche::platform {

/// Closes a descriptor at the end of its life. Whoever opens one for it sets close-on-exec.
class Descriptor {
 public:
  Descriptor() = default;
  /// Takes ownership of `fd`; a negative one is none.
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// Gives the descriptor away; the caller closes it.
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1) {
    // Never again after EINTR: Linux has closed it by then, and the number may be somebody else's.
    if (fd_ >= 0) close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace cloche::platform
