#include "wasi/stat_records.hpp"

#include <algorithm>

#include "wasi/descriptor.hpp"

namespace cloche::wasi {
namespace {

/// Times before 1970 cannot be told.
uint64_t timestamp(int64_t ns) { return static_cast<uint64_t>(std::max<int64_t>(ns, 0)); }

platform::FileTime file_time(uint64_t ns, bool is_given, bool is_now) {
  using Change = platform::FileTime::Change;
  if (is_now) return {Change::now, 0};
  if (is_given) return {Change::set, ns};
  return {Change::keep, 0};
}

}  // namespace

Filestat filestat(const platform::FileStatus& status) {
  Filestat record;
  record.dev = status.device;
  record.ino = status.inode;
  record.filetype = static_cast<uint8_t>(file_type(status.kind));
  record.nlink = status.links;
  record.size = status.size_bytes;
  record.atim = timestamp(status.accessed_ns);
  record.mtim = timestamp(status.modified_ns);
  record.ctim = timestamp(status.changed_ns);
  return record;
}

Or<FileTimes> file_times(uint64_t atim, uint64_t mtim, uint32_t flags) {
  const auto both = [flags](uint32_t pair) { return (flags & pair) == pair; };
  if ((flags & ~fstflag::all) != 0) return fail(Errno::inval);
  if (both(fstflag::atim | fstflag::atim_now) || both(fstflag::mtim | fstflag::mtim_now))
    return fail(Errno::inval);
  return FileTimes{file_time(atim, (flags & fstflag::atim) != 0, (flags & fstflag::atim_now) != 0),
                   file_time(mtim, (flags & fstflag::mtim) != 0, (flags & fstflag::mtim_now) != 0)};
}

}  // namespace cloche::wasi
