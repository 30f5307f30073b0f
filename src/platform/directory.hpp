// Reading directories, from a place that stays good over time.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "platform/errno.hpp"
#include "platform/file_status.hpp"

namespace cloche::platform {

/// A name in a directory. `name` is valid during the visit only.
struct DirectoryEntry {
  std::string_view name;
  uint64_t inode = 0;
  FileKind kind = FileKind::unknown;  ///< asked for where the file system does not say
  uint64_t next = 0;                  ///< the place behind this entry, for reading on
};

/// Visits the entries of an open directory from a place on (0: from the start) until the visitor returns
/// false or there are no more. Uses the descriptor's offset. Fails with what the system says: ENOTDIR, EINVAL
/// for no such place.
SystemResult<void> read_directory(int fd, uint64_t place,
                                  const std::function<bool(const DirectoryEntry&)>& visit);

}  // namespace cloche::platform
