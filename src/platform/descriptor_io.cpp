#include "platform/descriptor_io.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

namespace cloche::platform {
namespace {

SystemResult<size_t> counted(ssize_t count) {
  if (count < 0) return failed_with_errno();
  return static_cast<size_t>(count);
}

SystemResult<void> done(int status) {
  if (status < 0) return failed_with_errno();
  return {};
}

int count_of(IoVecs pieces) { return static_cast<int>(pieces.size()); }

/// Offsets of files are signed; one that is not representable is nobody's.
bool is_offset(uint64_t offset) { return offset <= static_cast<uint64_t>(INT64_MAX); }

void close_from_to(int first, unsigned last) {
  if (syscall(SYS_close_range, static_cast<unsigned>(first), last, 0) == 0) return;
  const long limit = sysconf(_SC_OPEN_MAX);
  for (int fd = first; fd < limit && static_cast<unsigned>(fd) <= last; ++fd) close(fd);
}

}  // namespace

// One piece goes the shorter way, on which the kernel has no list to copy.
SystemResult<size_t> read(int fd, IoVecs pieces) {
  if (pieces.size() == 1) return counted(::read(fd, pieces[0].iov_base, pieces[0].iov_len));
  return counted(readv(fd, pieces.data(), count_of(pieces)));
}

SystemResult<size_t> write(int fd, IoVecs pieces) {
  if (pieces.size() == 1) return counted(::write(fd, pieces[0].iov_base, pieces[0].iov_len));
  return counted(writev(fd, pieces.data(), count_of(pieces)));
}

SystemResult<size_t> read_at(int fd, IoVecs pieces, uint64_t offset) {
  if (!is_offset(offset)) return failed(EINVAL);
  return counted(preadv(fd, pieces.data(), count_of(pieces), static_cast<off_t>(offset)));
}

SystemResult<size_t> write_at(int fd, IoVecs pieces, uint64_t offset) {
  if (!is_offset(offset)) return failed(EINVAL);
  return counted(pwritev(fd, pieces.data(), count_of(pieces), static_cast<off_t>(offset)));
}

SystemResult<uint64_t> seek(int fd, int64_t offset, Whence whence) {
  constexpr int names[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  const off_t at = lseek(fd, offset, names[static_cast<int>(whence)]);
  if (at < 0) return failed_with_errno();
  return static_cast<uint64_t>(at);
}

SystemResult<void> sync(int fd) {
  return done(uninterrupted([&] { return fsync(fd); }));
}

SystemResult<void> sync_data(int fd) {
  return done(uninterrupted([&] { return fdatasync(fd); }));
}

SystemResult<void> set_size(int fd, uint64_t size_bytes) {
  if (!is_offset(size_bytes)) return failed(EFBIG);
  return done(uninterrupted([&] { return ftruncate(fd, static_cast<off_t>(size_bytes)); }));
}

SystemResult<void> allocate(int fd, uint64_t offset, uint64_t size_bytes) {
  if (!is_offset(offset) || !is_offset(size_bytes)) return failed(EFBIG);
  // Not posix_fallocate: where the file system cannot do it, that writes into every block, for as long as it
  // takes.
  return done(uninterrupted(
      [&] { return fallocate(fd, 0, static_cast<off_t>(offset), static_cast<off_t>(size_bytes)); }));
}

SystemResult<void> advise(int fd, uint64_t offset, uint64_t size_bytes, Advice advice) {
  constexpr int names[] = {POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM,
                           POSIX_FADV_WILLNEED, POSIX_FADV_DONTNEED,   POSIX_FADV_NOREUSE};
  if (!is_offset(offset) || !is_offset(size_bytes)) return failed(EINVAL);
  const int problem = posix_fadvise(fd, static_cast<off_t>(offset), static_cast<off_t>(size_bytes),
                                    names[static_cast<int>(advice)]);
  if (problem != 0) return failed(problem);
  return {};
}

SystemResult<OpenFlags> open_flags(int fd) {
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return failed_with_errno();
  OpenFlags result;
  result.append = (flags & O_APPEND) != 0;
  result.nonblocking = (flags & O_NONBLOCK) != 0;
  result.sync = (flags & O_SYNC) == O_SYNC;
  result.data_sync = (flags & O_DSYNC) != 0;
  const bool is_path_only = (flags & O_PATH) != 0;
  result.readable = !is_path_only && (flags & O_ACCMODE) != O_WRONLY;
  result.writable = !is_path_only && (flags & O_ACCMODE) != O_RDONLY;
  return result;
}

SystemResult<void> set_open_flags(int fd, bool append, bool nonblocking) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return failed_with_errno();
  flags &= ~(O_APPEND | O_NONBLOCK);
  if (append) flags |= O_APPEND;
  if (nonblocking) flags |= O_NONBLOCK;
  return done(fcntl(fd, F_SETFL, flags));
}

bool is_terminal(int fd) { return isatty(fd) == 1; }

uint64_t bytes_waiting(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) == 0 && count > 0 ? static_cast<uint64_t>(count) : 0;
}

SystemResult<Descriptor> open_host_file(const char* path, bool for_writing) {
  const int flags = for_writing ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY;
  const int fd = uninterrupted([&] { return ::open(path, flags | O_CLOEXEC | O_NOCTTY, 0666); });
  if (fd < 0) return failed_with_errno();
  return Descriptor(fd);
}

void occupy_standard_streams() {
  for (int stream = 0; stream <= 2; ++stream)
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
      // The lowest free number is this one, since those below are taken.
      [[maybe_unused]] const int fd = ::open("/", O_PATH | O_CLOEXEC);
    }
}

void close_all_but(std::span<const int> kept) {
  int first = 3;
  for (const int fd : kept) {
    if (fd < first) continue;
    if (fd > first) close_from_to(first, static_cast<unsigned>(fd) - 1);
    first = fd + 1;
  }
  close_from_to(first, UINT_MAX);
}

void ignore_write_signals() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

}  // namespace cloche::platform
