// What a file is: kind, size, identity and times, in the same words for every system.
#pragma once

#include <cstdint>

#include "platform/errno.hpp"

struct stat;

namespace cloche::platform {

enum class FileKind : uint8_t {
  unknown,
  regular,
  directory,
  symlink,
  character_device,
  block_device,
  fifo,
  socket
};

/// Times are nanoseconds since 1970, sizes bytes.
struct FileStatus {
  uint64_t device = 0;
  uint64_t inode = 0;
  FileKind kind = FileKind::unknown;
  uint64_t links = 0;
  uint64_t size_bytes = 0;
  int64_t accessed_ns = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;
};

/// The same facts as the system's own structure states.
FileStatus file_status(const struct stat& status);
/// Of an open descriptor. Fails as fstat does.
SystemResult<FileStatus> descriptor_status(int fd);

/// A new time of a file.
struct FileTime {
  enum class Change : uint8_t { keep, now, set };
  Change change = Change::keep;
  uint64_t ns = 0;  ///< since 1970, for `set`
};

/// Sets the times of an open descriptor. Fails as futimens does.
SystemResult<void> set_descriptor_times(int fd, FileTime accessed, FileTime modified);

}  // namespace cloche::platform
