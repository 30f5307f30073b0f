#include "platform/beneath.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/file_times.hpp"
#include "platform/path_text.hpp"
#include "platform/resolve.hpp"

namespace cloche::platform {
namespace {

/// A directory beneath and a single name in it, for the *at calls.
class Entry {
 public:
  Entry(int base, Descriptor parent, PathParts parts)
      : base_(base), parent_(std::move(parent)), parts_(std::move(parts)) {}

  int directory() const { return parent_ ? parent_.get() : base_; }
  const char* name() const { return parts_.name.c_str(); }
  bool slash() const { return parts_.slash; }

  /// The entry's own kind, a link's too.
  SystemResult<FileKind> kind() const {
    struct stat status = {};
    if (fstatat(directory(), name(), &status, AT_SYMLINK_NOFOLLOW) != 0) return failed_with_errno();
    return file_status(status).kind;
  }

  /// A slash at the end of an entry that is there: it must be a directory, else ENOTDIR. Without one: nothing
  /// to ask.
  SystemResult<void> check_slash() const {
    if (!slash() || TRY(kind()) == FileKind::directory) return {};
    return failed(ENOTDIR);
  }

  /// A slash at the end of an entry to be made, that is no directory: ENOENT, or what is wrong with what is
  /// there.
  SystemResult<void> check_new_slash() const {
    if (!slash()) return {};
    return failed(TRY(kind()) == FileKind::directory ? EEXIST : ENOTDIR);
  }

 private:
  int base_;
  Descriptor parent_;  // none when it is the base itself
  PathParts parts_;
};

/// Resolves a path's parent. A path that ends in `.` or `..` names no entry: it is resolved whole, so that
/// one leading out says so, and then fails with `unnamed`.
SystemResult<Entry> find_entry(int base, Resolver resolver, std::string_view path, int unnamed) {
  std::string whole = TRY(checked_path(path));
  PathParts parts = split_path(whole);
  if (!parts.names_entry()) {
    TRY(open_beneath(base, whole, O_PATH | O_DIRECTORY, 0, resolver));
    return failed(unnamed);
  }
  Descriptor parent;
  if (!parts.parent.empty())
    parent = TRY(open_beneath(base, parts.parent, O_PATH | O_DIRECTORY, 0, resolver));
  return Entry(base, std::move(parent), std::move(parts));
}

SystemResult<void> done(int result) {
  if (result != 0) return failed_with_errno();
  return {};
}

/// open(2)'s flags. Waits for nobody (O_NONBLOCK), and makes no terminal the process's own.
int open_flags(const OpenHow& how, bool must_be_directory) {
  int flags = O_NONBLOCK | O_NOCTTY;
  flags |= how.write ? (how.read ? O_RDWR : O_WRONLY) : O_RDONLY;
  if (how.append) flags |= O_APPEND;
  if (how.data_sync) flags |= O_DSYNC;
  if (how.sync) flags |= O_SYNC;
  if (how.create) flags |= O_CREAT;
  if (how.exclusive) flags |= O_EXCL;
  if (how.truncate) flags |= O_TRUNC;
  if (how.directory || must_be_directory) flags |= O_DIRECTORY;
  if (how.follow == Follow::no && !must_be_directory) flags |= O_NOFOLLOW;
  return flags;
}

/// Undoes O_NONBLOCK, which stood for the opening only. On files and directories it means nothing.
SystemResult<void> make_blocking(int fd, FileKind kind) {
  if (kind == FileKind::regular || kind == FileKind::directory) return {};
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0) return failed_with_errno();
  return {};
}

/// Opens what is at a path without asking for rights to it: only to look at it, or to name it by its
/// descriptor.
SystemResult<Descriptor> open_handle(int base, Resolver resolver, std::string_view path, Follow follow) {
  const std::string whole = TRY(checked_path(path));
  const std::string stripped(without_slashes(whole));
  const bool slash = stripped.size() != whole.size();
  int flags = O_PATH;
  if (slash) flags |= O_DIRECTORY;
  if (follow == Follow::no && !slash) flags |= O_NOFOLLOW;
  return open_beneath(base, stripped, flags, 0, resolver);
}

/// A name of an open file that leads to it and nothing else, for calls that take no descriptor.
struct HandlePath {
  explicit HandlePath(int fd) : text("/proc/self/fd/" + std::to_string(fd)) {}
  std::string text;
};

}  // namespace

SystemResult<Opened> Beneath::open(std::string_view path, const OpenHow& how) const {
  const std::string whole = TRY(checked_path(path));
  const std::string stripped(without_slashes(whole));
  const bool slash = stripped.size() != whole.size();
  if (slash && how.create) {
    TRY(find_entry(directory_, resolver_, path, EISDIR));  // one leading out says so
    return failed(EISDIR);
  }
  if (how.create && how.directory) return failed(EINVAL);  // Linux before 6.3 makes a file and says ENOTDIR
  Opened opened;
  opened.descriptor = TRY(open_beneath(directory_, stripped, open_flags(how, slash), 0666, resolver_));
  opened.status = TRY(descriptor_status(opened.descriptor.get()));
  if (!how.nonblocking) TRY(make_blocking(opened.descriptor.get(), opened.status.kind));
  return opened;
}

SystemResult<FileStatus> Beneath::status(std::string_view path, Follow follow) const {
  const Descriptor handle = TRY(open_handle(directory_, resolver_, path, follow));
  return descriptor_status(handle.get());
}

SystemResult<void> Beneath::set_times(std::string_view path, Follow follow, FileTime accessed,
                                      FileTime modified) const {
  const Descriptor handle = TRY(open_handle(directory_, resolver_, path, follow));
  const SystemTimes times = system_times(accessed, modified);
  if (utimensat(handle.get(), "", times.data(), AT_EMPTY_PATH) == 0) return {};
  if (errno != EINVAL) return failed_with_errno();
  // Linux before 5.8 does not take AT_EMPTY_PATH here.
  return done(utimensat(AT_FDCWD, HandlePath(handle.get()).text.c_str(), times.data(), 0));
}

SystemResult<void> Beneath::make_directory(std::string_view path) const {
  const Entry entry = TRY(find_entry(directory_, resolver_, path, EEXIST));
  return done(mkdirat(entry.directory(), entry.name(), 0777));
}

SystemResult<std::string> Beneath::read_link(std::string_view path) const {
  const Entry entry = TRY(find_entry(directory_, resolver_, path, EINVAL));
  if (entry.slash()) {  // then it is the directory behind the link, or an error
    TRY(open_handle(directory_, resolver_, path, Follow::yes));
    return failed(EINVAL);
  }
  char target[path_max_bytes];
  const ssize_t size = readlinkat(entry.directory(), entry.name(), target, sizeof target);
  if (size < 0) return failed_with_errno();
  return std::string(target, static_cast<size_t>(size));
}

SystemResult<void> Beneath::make_link(std::string_view target, std::string_view path) const {
  const std::string text = TRY(checked_path(target));
  const Entry entry = TRY(find_entry(directory_, resolver_, path, EEXIST));
  TRY(entry.check_new_slash());
  return done(symlinkat(text.c_str(), entry.directory(), entry.name()));
}

SystemResult<void> Beneath::hard_link(const Beneath& from_directory, std::string_view from, Follow follow,
                                      const Beneath& to_directory, std::string_view to) {
  // linkat's own following would not stay beneath; a handle is linked by a name that leads only to it.
  if (follow == Follow::yes) {
    const Descriptor handle =
        TRY(open_handle(from_directory.directory_, from_directory.resolver_, from, follow));
    const Entry target = TRY(find_entry(to_directory.directory_, to_directory.resolver_, to, EEXIST));
    TRY(target.check_new_slash());
    const HandlePath path(handle.get());
    return done(linkat(AT_FDCWD, path.text.c_str(), target.directory(), target.name(), AT_SYMLINK_FOLLOW));
  }
  const Entry source = TRY(find_entry(from_directory.directory_, from_directory.resolver_, from, EPERM));
  const Entry target = TRY(find_entry(to_directory.directory_, to_directory.resolver_, to, EEXIST));
  TRY(source.check_slash());
  TRY(target.check_new_slash());
  return done(linkat(source.directory(), source.name(), target.directory(), target.name(), 0));
}

SystemResult<void> Beneath::rename(const Beneath& from_directory, std::string_view from,
                                   const Beneath& to_directory, std::string_view to) {
  const Entry source = TRY(find_entry(from_directory.directory_, from_directory.resolver_, from, EBUSY));
  const Entry target = TRY(find_entry(to_directory.directory_, to_directory.resolver_, to, EBUSY));
  const bool wants_directory = source.slash() || target.slash();
  if (wants_directory && TRY(source.kind()) != FileKind::directory) return failed(ENOTDIR);
  return done(renameat(source.directory(), source.name(), target.directory(), target.name()));
}

SystemResult<void> Beneath::unlink(std::string_view path) const {
  const Entry entry = TRY(find_entry(directory_, resolver_, path, EISDIR));
  TRY(entry.check_slash());
  return done(unlinkat(entry.directory(), entry.name(), 0));
}

SystemResult<void> Beneath::remove_directory(std::string_view path) const {
  const bool dots = without_slashes(path).ends_with("..");
  const Entry entry = TRY(find_entry(directory_, resolver_, path, dots ? ENOTEMPTY : EINVAL));
  return done(unlinkat(entry.directory(), entry.name(), AT_REMOVEDIR));
}

SystemResult<Descriptor> open_host_directory(const std::string& path) {
  Descriptor directory(
      uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!directory) return failed_with_errno();
  return directory;
}

}  // namespace cloche::platform
