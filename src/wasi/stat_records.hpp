// From the host's facts about files to WASI's records, and the times a guest sets.
#pragma once

#include "platform/file_status.hpp"
#include "wasi/errno.hpp"
#include "wasi/layout.hpp"

namespace cloche::wasi {

Filestat filestat(const platform::FileStatus& status);

/// The two times of a call that sets times.
struct FileTimes {
  platform::FileTime accessed;
  platform::FileTime modified;
};
/// Fails: inval, for flags that do not exist or contradict each other.
Or<FileTimes> file_times(uint64_t atim, uint64_t mtim, uint32_t fstflags);

}  // namespace cloche::wasi
