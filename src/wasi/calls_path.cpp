// path_*: names beneath a directory. The platform keeps them there; here stand flags and rights.
#include "platform/beneath.hpp"
#include "platform/descriptor_io.hpp"
#include "wasi/functions.hpp"
#include "wasi/stat_records.hpp"

namespace cloche::wasi::functions {
namespace {

using platform::Beneath;
using platform::Follow;

Beneath beneath(Call& call, const Descriptor& directory) {
  return Beneath(directory.fd, call.process().settings().resolver);
}

/// Fails: inval.
Or<Follow> follow(uint32_t lookupflags) {
  if ((lookupflags & ~lookupflag::all) != 0) return fail(Errno::inval);
  return (lookupflags & lookupflag::symlink_follow) != 0 ? Follow::yes : Follow::no;
}

/// What a call of path_open asks for.
struct OpenRequest {
  uint32_t oflags;
  uint32_t fdflags;
  Rights base;
  Rights inheriting;

  bool asks(uint32_t flag) const { return (oflags & flag) != 0; }
  bool wants(uint32_t flag) const { return (fdflags & flag) != 0; }
};

/// What the directory itself must be allowed for the flags. Not fd_sync and fd_datasync, for files that are
/// written through: that makes nothing possible which writing does not.
Rights rights_for(const OpenRequest& request) {
  Rights rights = right::path_open;
  if (request.asks(oflag::creat)) rights |= right::path_create_file;
  if (request.asks(oflag::trunc)) rights |= right::path_filestat_set_size;
  return rights;
}

Done check(const Descriptor& directory, const OpenRequest& request) {
  if ((request.oflags & ~oflag::all) != 0 || (request.fdflags & ~fdflag::all) != 0) return fail(Errno::inval);
  if (request.asks(oflag::directory) && request.asks(oflag::creat)) return fail(Errno::inval);
  if (!directory.has(rights_for(request))) return fail(Errno::notcapable);
  const Rights missing = request.base & ~directory.inheriting.load();
  if ((missing & right::essential) != 0) return fail(Errno::notcapable);
  return {};
}

/// How the host opens a file that the guest may use with the granted rights.
platform::OpenHow open_how(const OpenRequest& request, Rights granted, Follow follow) {
  constexpr Rights reading = right::fd_read | right::fd_readdir;
  constexpr Rights writing = right::fd_write | right::fd_allocate | right::fd_filestat_set_size;
  platform::OpenHow how;
  // A directory is never open for writing: EISDIR. Other rights that change files mean nothing to it.
  const Rights decisive = request.asks(oflag::directory) ? right::fd_write : writing;
  how.write = (granted & decisive) != 0 || request.asks(oflag::trunc);
  how.read = (granted & reading) != 0 || !how.write;
  how.append = request.wants(fdflag::append);
  how.nonblocking = request.wants(fdflag::nonblock);
  how.data_sync = request.wants(fdflag::dsync);
  how.sync = request.wants(fdflag::sync | fdflag::rsync);
  how.create = request.asks(oflag::creat);
  how.exclusive = request.asks(oflag::excl);
  how.truncate = request.asks(oflag::trunc);
  how.directory = request.asks(oflag::directory);
  how.follow = follow;
  return how;
}

DescriptorPtr make_opened(platform::Opened opened, const OpenRequest& request, Rights inheritable,
                          TerminalPolicy policy) {
  const FileType type = file_type(opened.status.kind);
  const bool is_directory = type == FileType::directory;
  const Rights meaningful = is_directory ? right::of_directories : right::of_files;
  const Rights base = request.base & inheritable & meaningful;
  const Rights inheriting = is_directory ? request.inheriting & inheritable : right::none;
  auto descriptor = std::make_shared<Descriptor>(std::move(opened.descriptor), type, base, inheriting);
  if (type == FileType::character_device && platform::is_terminal(descriptor->fd) &&
      policy != TerminalPolicy::raw)
    descriptor->filter = std::make_unique<TerminalFilter>(policy);
  return descriptor;
}

}  // namespace

Done path_open(Call& call, Fd<right::path_open> directory, uint32_t dirflags, Path path, uint32_t oflags,
               Rights base, Rights inheriting, uint32_t fdflags, Out<uint32_t> out) {
  const OpenRequest request{oflags, fdflags, base, inheriting};
  const Follow links = TRY(follow(dirflags));
  TRY(check(*directory, request));
  // Before anything is created or emptied.
  if (call.process().descriptors().is_full()) return fail(Errno::mfile);
  const Rights inheritable = directory->inheriting;
  const auto how = open_how(request, base & inheritable, links);
  platform::Opened opened = TRY(from_system(beneath(call, *directory).open(path.text, how)));
  out.set(TRY(call.process().descriptors().add(
      make_opened(std::move(opened), request, inheritable, call.process().settings().terminal))));
  return {};
}

Done path_create_directory(Call& call, Fd<right::path_create_directory> directory, Path path) {
  return from_system(beneath(call, *directory).make_directory(path.text));
}

Done path_filestat_get(Call& call, Fd<right::path_filestat_get> directory, uint32_t flags, Path path,
                       Out<Filestat> out) {
  const Follow links = TRY(follow(flags));
  out.set(filestat(TRY(from_system(beneath(call, *directory).status(path.text, links)))));
  return {};
}

Done path_filestat_set_times(Call& call, Fd<right::path_filestat_set_times> directory, uint32_t flags,
                             Path path, uint64_t atim, uint64_t mtim, uint32_t fst_flags) {
  const Follow links = TRY(follow(flags));
  const FileTimes times = TRY(file_times(atim, mtim, fst_flags));
  return from_system(beneath(call, *directory).set_times(path.text, links, times.accessed, times.modified));
}

Done path_link(Call& call, Fd<right::path_link_source> from_directory, uint32_t flags, Path from,
               Fd<right::path_link_target> to_directory, Path to) {
  const Follow links = TRY(follow(flags));
  return from_system(Beneath::hard_link(beneath(call, *from_directory), from.text, links,
                                        beneath(call, *to_directory), to.text));
}

Done path_readlink(Call& call, Fd<right::path_readlink> directory, Path path, Buffer buffer, Out<Size> out) {
  const std::string target = TRY(from_system(beneath(call, *directory).read_link(path.text)));
  const size_t size = std::min(target.size(), buffer.bytes.size());
  memcpy(buffer.bytes.data(), target.data(), size);
  out.set(static_cast<Size>(size));
  return {};
}

Done path_remove_directory(Call& call, Fd<right::path_remove_directory> directory, Path path) {
  return from_system(beneath(call, *directory).remove_directory(path.text));
}

Done path_rename(Call& call, Fd<right::path_rename_source> from_directory, Path from,
                 Fd<right::path_rename_target> to_directory, Path to) {
  return from_system(
      Beneath::rename(beneath(call, *from_directory), from.text, beneath(call, *to_directory), to.text));
}

Done path_symlink(Call& call, Path target, Fd<right::path_symlink> directory, Path path) {
  return from_system(beneath(call, *directory).make_link(target.text, path.text));
}

Done path_unlink_file(Call& call, Fd<right::path_unlink_file> directory, Path path) {
  return from_system(beneath(call, *directory).unlink(path.text));
}

}  // namespace cloche::wasi::functions
