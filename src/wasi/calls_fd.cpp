// fd_*: the state of open descriptors. Reading and writing stand in calls_io.cpp.
#include "platform/descriptor_io.hpp"
#include "platform/directory.hpp"
#include "wasi/functions.hpp"
#include "wasi/stat_records.hpp"

namespace cloche::wasi::functions {
namespace {

constexpr uint32_t last_whence = 2;
constexpr uint32_t last_advice = 5;
constexpr uint32_t sync_flags = fdflag::dsync | fdflag::rsync | fdflag::sync;

uint16_t fdflags(const Descriptor& descriptor, const platform::OpenFlags& open) {
  uint32_t flags = 0;
  if (open.append) flags |= fdflag::append;
  if (open.data_sync) flags |= fdflag::dsync;
  if (open.sync) flags |= fdflag::sync | fdflag::rsync;
  // On files and directories it means nothing, but the host may have opened them so.
  const bool can_wait = !descriptor.is_directory() && descriptor.type != FileType::regular_file;
  if ((open.nonblocking && can_wait) || descriptor.wants_nonblocking) flags |= fdflag::nonblock;
  return static_cast<uint16_t>(flags);
}

/// Writes directory entries into a guest's buffer until it is full; the last one may be cut.
class DirentWriter {
 public:
  explicit DirentWriter(std::span<uint8_t> buffer) : rest_(buffer) {}
  /// False when the buffer is full.
  bool add(const platform::DirectoryEntry& entry) {
    Dirent record;
    record.next = entry.next;
    record.ino = entry.inode;
    record.namlen = static_cast<uint32_t>(entry.name.size());
    record.type = static_cast<uint8_t>(file_type(entry.kind));
    append({reinterpret_cast<const uint8_t*>(&record), sizeof record});
    append({reinterpret_cast<const uint8_t*>(entry.name.data()), entry.name.size()});
    return !rest_.empty();
  }
  size_t left() const { return rest_.size(); }

 private:
  void append(std::span<const uint8_t> bytes) {
    const size_t size = std::min(bytes.size(), rest_.size());
    memcpy(rest_.data(), bytes.data(), size);
    rest_ = rest_.subspan(size);
  }
  std::span<uint8_t> rest_;
};

Or<uint64_t> move_offset(const Descriptor& descriptor, int64_t offset, platform::Whence whence) {
  return from_system(platform::seek(descriptor.fd, offset, whence));
}

}  // namespace

Done fd_advise(Call&, Fd<right::fd_advise> fd, uint64_t offset, uint64_t size, uint32_t advice) {
  if (advice > last_advice) return fail(Errno::inval);
  if (fd->is_directory()) return fail(Errno::badf);
  return from_system(platform::advise(fd->fd, offset, size, static_cast<platform::Advice>(advice)));
}

Done fd_allocate(Call&, Fd<right::fd_allocate> fd, uint64_t offset, uint64_t size) {
  return from_system(platform::allocate(fd->fd, offset, size));
}

Done fd_close(Call& call, uint32_t fd) { return call.process().descriptors().close(fd); }

Done fd_renumber(Call& call, uint32_t from, uint32_t to) {
  return call.process().descriptors().renumber(from, to);
}

Done fd_datasync(Call&, Fd<right::fd_datasync> fd) { return from_system(platform::sync_data(fd->fd)); }

Done fd_sync(Call&, Fd<right::fd_sync> fd) { return from_system(platform::sync(fd->fd)); }

Done fd_fdstat_get(Call&, Fd<right::none> fd, Out<Fdstat> out) {
  const platform::OpenFlags open = TRY(from_system(platform::open_flags(fd->fd)));
  Fdstat record;
  record.filetype = static_cast<uint8_t>(fd->type);
  record.flags = fdflags(*fd, open);
  record.rights_base = fd->base;
  record.rights_inheriting = fd->inheriting;
  out.set(record);
  return {};
}

/// Linux can change only whether writes append and whether calls wait. What others share is left as it is:
/// not waiting is then our own doing, and appending cannot be had.
Done fd_fdstat_set_flags(Call&, Fd<right::fd_fdstat_set_flags> fd, uint32_t flags) {
  if ((flags & ~fdflag::all) != 0) return fail(Errno::inval);
  const platform::OpenFlags open = TRY(from_system(platform::open_flags(fd->fd)));
  const uint32_t changed = flags ^ fdflags(*fd, open);
  if ((changed & sync_flags) != 0) return fail(Errno::notsup);
  if (!fd->is_borrowed)
    return from_system(
        platform::set_open_flags(fd->fd, (flags & fdflag::append) != 0, (flags & fdflag::nonblock) != 0));
  if ((changed & fdflag::append) != 0) return fail(Errno::notsup);
  fd->wants_nonblocking = (flags & fdflag::nonblock) != 0;
  return {};
}

Done fd_fdstat_set_rights(Call&, Fd<right::none> fd, Rights base, Rights inheriting) {
  if (!contains(fd->base, base) || !contains(fd->inheriting, inheriting)) return fail(Errno::notcapable);
  // Two threads that take rights away at once both succeed.
  fd->base.fetch_and(base);
  fd->inheriting.fetch_and(inheriting);
  return {};
}

Done fd_filestat_get(Call&, Fd<right::fd_filestat_get> fd, Out<Filestat> out) {
  out.set(filestat(TRY(from_system(platform::descriptor_status(fd->fd)))));
  return {};
}

Done fd_filestat_set_size(Call&, Fd<right::fd_filestat_set_size> fd, uint64_t size) {
  return from_system(platform::set_size(fd->fd, size));
}

Done fd_filestat_set_times(Call&, Fd<right::fd_filestat_set_times> fd, uint64_t atim, uint64_t mtim,
                           uint32_t flags) {
  const FileTimes times = TRY(file_times(atim, mtim, flags));
  return from_system(platform::set_descriptor_times(fd->fd, times.accessed, times.modified));
}

Done fd_prestat_get(Call&, Fd<right::none> fd, Out<Prestat> out) {
  if (!fd->preopen) return fail(Errno::badf);
  out.set({0, static_cast<uint32_t>(fd->preopen->size())});
  return {};
}

Done fd_prestat_dir_name(Call&, Fd<right::none> fd, Buffer buffer) {
  if (!fd->preopen) return fail(Errno::badf);
  if (buffer.bytes.size() < fd->preopen->size()) return fail(Errno::nametoolong);
  memcpy(buffer.bytes.data(), fd->preopen->data(), fd->preopen->size());
  return {};
}

Done fd_readdir(Call&, Fd<right::fd_readdir> fd, Buffer buffer, uint64_t cookie, Out<Size> out) {
  const auto bytes = buffer.bytes.first(std::min<size_t>(buffer.bytes.size(), limits::readdir_bytes));
  if (bytes.empty()) return fail(Errno::inval);
  const std::lock_guard lock(fd->mutex);
  DirentWriter writer(bytes);
  TRY(from_system(platform::read_directory(
      fd->fd, cookie, [&](const platform::DirectoryEntry& entry) { return writer.add(entry); })));
  out.set(static_cast<Size>(bytes.size() - writer.left()));
  return {};
}

Done fd_seek(Call&, Fd<right::none> fd, int64_t offset, uint32_t whence, Out<uint64_t> out) {
  if (whence > last_whence) return fail(Errno::inval);
  const bool is_tell = offset == 0 && static_cast<platform::Whence>(whence) == platform::Whence::current;
  const bool may = fd->has(right::fd_seek) || (is_tell && fd->has(right::fd_tell));
  if (!may) return fail(missing_rights(*fd, right::fd_seek));
  out.set(TRY(move_offset(*fd, offset, static_cast<platform::Whence>(whence))));
  return {};
}

/// The right to seek includes this one.
Done fd_tell(Call&, Fd<right::none> fd, Out<uint64_t> out) {
  if (!fd->has(right::fd_tell) && !fd->has(right::fd_seek)) return fail(missing_rights(*fd, right::fd_tell));
  out.set(TRY(move_offset(*fd, 0, platform::Whence::current)));
  return {};
}

}  // namespace cloche::wasi::functions
