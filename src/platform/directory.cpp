#include "platform/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

namespace cloche::platform {
namespace {

/// What the kernel writes; the C library's own structure has another layout in places.
struct KernelEntry {
  uint64_t inode;
  int64_t next;
  uint16_t size;
  uint8_t type;
};
constexpr size_t name_offset = 19;

FileKind kind_of(uint8_t type) {
  switch (type) {
    case DT_REG:
      return FileKind::regular;
    case DT_DIR:
      return FileKind::directory;
    case DT_LNK:
      return FileKind::symlink;
    case DT_CHR:
      return FileKind::character_device;
    case DT_BLK:
      return FileKind::block_device;
    case DT_FIFO:
      return FileKind::fifo;
    case DT_SOCK:
      return FileKind::socket;
    default:
      return FileKind::unknown;
  }
}

FileKind ask_kind(int fd, const char* name) {
  struct stat status = {};
  if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return FileKind::unknown;
  return file_status(status).kind;
}

DirectoryEntry entry_at(int fd, const uint8_t* at, size_t& size) {
  KernelEntry raw = {};
  memcpy(&raw.inode, at, sizeof raw.inode);
  memcpy(&raw.next, at + 8, sizeof raw.next);
  memcpy(&raw.size, at + 16, sizeof raw.size);
  raw.type = at[18];
  size = raw.size;
  const char* const name = reinterpret_cast<const char*>(at) + name_offset;
  const FileKind kind = raw.type == DT_UNKNOWN ? ask_kind(fd, name) : kind_of(raw.type);
  return {name, raw.inode, kind, static_cast<uint64_t>(raw.next)};
}

}  // namespace

SystemResult<void> read_directory(int fd, uint64_t place,
                                  const std::function<bool(const DirectoryEntry&)>& visit) {
  if (place > static_cast<uint64_t>(INT64_MAX)) return failed(EINVAL);
  if (lseek(fd, static_cast<off_t>(place), SEEK_SET) < 0) return failed_with_errno();
  alignas(8) uint8_t buffer[8192];
  for (;;) {
    const long got = uninterrupted([&] { return syscall(SYS_getdents64, fd, buffer, sizeof buffer); });
    if (got < 0) return failed_with_errno();
    if (got == 0) return {};
    size_t size = 0;
    for (long at = 0; at < got; at += static_cast<long>(size))
      if (!visit(entry_at(fd, buffer + at, size))) return {};
  }
}

}  // namespace cloche::platform
