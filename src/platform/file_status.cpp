#include "platform/file_status.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "platform/file_times.hpp"

namespace cloche::platform {
namespace {

FileKind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return FileKind::regular;
    case S_IFDIR:
      return FileKind::directory;
    case S_IFLNK:
      return FileKind::symlink;
    case S_IFCHR:
      return FileKind::character_device;
    case S_IFBLK:
      return FileKind::block_device;
    case S_IFIFO:
      return FileKind::fifo;
    case S_IFSOCK:
      return FileKind::socket;
    default:
      return FileKind::unknown;
  }
}

/// Years beyond 2262 do not fit and are cut off, as are those before 1677.
int64_t nanoseconds(const timespec& time) {
  int64_t ns = 0;
  if (__builtin_mul_overflow(int64_t{time.tv_sec}, int64_t{1'000'000'000}, &ns) ||
      __builtin_add_overflow(ns, int64_t{time.tv_nsec}, &ns))
    return time.tv_sec < 0 ? INT64_MIN : INT64_MAX;
  return ns;
}

timespec system_time(FileTime time) {
  switch (time.change) {
    case FileTime::Change::keep:
      return {0, UTIME_OMIT};
    case FileTime::Change::now:
      return {0, UTIME_NOW};
    case FileTime::Change::set:
      break;
  }
  return {static_cast<time_t>(time.ns / 1'000'000'000), static_cast<long>(time.ns % 1'000'000'000)};
}

}  // namespace

FileStatus file_status(const struct stat& status) {
  FileStatus result;
  result.device = status.st_dev;
  result.inode = status.st_ino;
  result.kind = kind_of(status.st_mode);
  result.links = status.st_nlink;
  result.size_bytes = status.st_size < 0 ? 0 : static_cast<uint64_t>(status.st_size);
  result.accessed_ns = nanoseconds(status.st_atim);
  result.modified_ns = nanoseconds(status.st_mtim);
  result.changed_ns = nanoseconds(status.st_ctim);
  return result;
}

SystemResult<FileStatus> descriptor_status(int fd) {
  struct stat status = {};
  if (fstat(fd, &status) != 0) return failed_with_errno();
  return file_status(status);
}

SystemTimes system_times(FileTime accessed, FileTime modified) {
  return {system_time(accessed), system_time(modified)};
}

SystemResult<void> set_descriptor_times(int fd, FileTime accessed, FileTime modified) {
  if (futimens(fd, system_times(accessed, modified).data()) != 0) return failed_with_errno();
  return {};
}

}  // namespace cloche::platform
