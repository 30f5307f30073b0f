#include "wasi/descriptor.hpp"

#include "platform/descriptor_io.hpp"

namespace cloche::wasi {
namespace {

constexpr Rights stream_rights = right::fd_read | right::fd_write | right::fd_fdstat_set_flags |
                                 right::fd_filestat_get | right::poll_fd_readwrite | right::fd_sync |
                                 right::fd_datasync;
constexpr Rights seekable_rights = right::fd_seek | right::fd_tell | right::fd_advise;
constexpr Rights connection_rights = right::fd_read | right::fd_write | right::fd_fdstat_set_flags |
                                     right::fd_filestat_get | right::poll_fd_readwrite | right::sock_shutdown;
constexpr Rights listener_rights =
    right::sock_accept | right::poll_fd_readwrite | right::fd_fdstat_set_flags | right::fd_filestat_get;

void describe_stream(Descriptor& stream, TerminalPolicy policy) {
  Rights rights = stream_rights;
  // A stream that is closed keeps its rights: what the guest tries then fails as it would natively.
  if (const auto status = platform::descriptor_status(stream.fd)) {
    stream.type = file_type(status->kind);
    if (status->kind == platform::FileKind::regular) rights |= seekable_rights;
  }
  if (const auto flags = platform::open_flags(stream.fd)) {
    if (!flags->readable && flags->writable) rights &= ~right::fd_read;
    if (!flags->writable && flags->readable) rights &= ~right::fd_write;
  }
  stream.base = rights;
  const bool is_filtered = stream.type == FileType::character_device && platform::is_terminal(stream.fd) &&
                           policy != TerminalPolicy::raw;
  if (is_filtered) stream.filter = std::make_unique<TerminalFilter>(policy);
}

}  // namespace

FileType file_type(platform::FileKind kind) {
  using platform::FileKind;
  switch (kind) {
    case FileKind::regular:
      return FileType::regular_file;
    case FileKind::directory:
      return FileType::directory;
    case FileKind::symlink:
      return FileType::symbolic_link;
    case FileKind::character_device:
      return FileType::character_device;
    case FileKind::block_device:
      return FileType::block_device;
    case FileKind::socket:
      return FileType::socket_stream;
    case FileKind::fifo:
    case FileKind::unknown:
      return FileType::unknown;
  }
  return FileType::unknown;
}

DescriptorPtr make_stream(int fd, TerminalPolicy policy) {
  auto stream =
      std::make_shared<Descriptor>(platform::Descriptor(), FileType::unknown, right::none, right::none);
  stream->fd = fd;
  stream->is_borrowed = true;
  describe_stream(*stream, policy);
  return stream;
}

DescriptorPtr make_stream(platform::Descriptor owned, TerminalPolicy policy) {
  auto stream = std::make_shared<Descriptor>(std::move(owned), FileType::unknown, right::none, right::none);
  describe_stream(*stream, policy);
  return stream;
}

DescriptorPtr make_preopen(platform::Descriptor directory, std::string guest_name, bool is_read_only) {
  const Rights lost = is_read_only ? right::writing : right::none;
  auto preopen = std::make_shared<Descriptor>(std::move(directory), FileType::directory,
                                              right::of_directories & ~lost, right::all & ~lost);
  preopen->preopen = std::move(guest_name);
  return preopen;
}

DescriptorPtr make_listener(platform::Descriptor socket) {
  return std::make_shared<Descriptor>(std::move(socket), FileType::socket_stream, listener_rights,
                                      connection_rights);
}

DescriptorPtr make_connection(platform::Descriptor socket) {
  return std::make_shared<Descriptor>(std::move(socket), FileType::socket_stream, connection_rights,
                                      right::none);
}

}  // namespace cloche::wasi
