// Reading and writing: the guest's pieces of memory go to the system as they are, one system call for each
// call.
#include "platform/descriptor_io.hpp"
#include "platform/readiness.hpp"
#include "wasi/functions.hpp"

namespace cloche::wasi::functions {
namespace {

/// What a guest that asked not to wait gets from a stream that others share: whether the call would wait is
/// asked first.
Done check_ready(const Descriptor& stream, bool for_writing) {
  platform::Readiness item;
  item.fd = stream.fd;
  item.wants_read = !for_writing;
  item.wants_write = for_writing;
  const auto ready = platform::wait_until_ready({&item, 1}, 0);
  if (ready && *ready == 0) return fail(Errno::again);
  return {};
}

/// Writes everything, waiting where the terminal cannot take more at once.
Done write_all(Call& call, int fd, std::string_view text) {
  while (!text.empty()) {
    const iovec piece = {const_cast<char*>(text.data()), text.size()};
    const auto written = call.wait([&] { return platform::write(fd, {&piece, 1}); });
    if (written) {
      text.remove_prefix(*written);
    } else if (written.error() == Errno::again) {
      platform::Readiness item;
      item.fd = fd;
      item.wants_write = true;
      TRY(call.wait([&] { return platform::wait_until_ready({&item, 1}, std::nullopt); }));
    } else {
      return fail(written.error());
    }
  }
  return {};
}

/// A terminal gets what its filter lets pass. To the guest everything counts as written.
Or<size_t> write_filtered(Call& call, Descriptor& terminal, std::span<const iovec> pieces) {
  const std::lock_guard lock(terminal.mutex);
  std::string text;
  size_t total = 0;
  for (const iovec& piece : pieces) {
    terminal.filter->filter({static_cast<const uint8_t*>(piece.iov_base), piece.iov_len}, text);
    total += piece.iov_len;
  }
  TRY(write_all(call, terminal.fd, text));
  return total;
}

}  // namespace

Done fd_read(Call& call, Fd<right::fd_read> fd, IoVecList list, Out<Size> out) {
  if (fd->wants_nonblocking) [[unlikely]]
    TRY(check_ready(*fd, false));
  out.set(static_cast<Size>(TRY(call.wait([&] { return platform::read(fd->fd, list.pieces()); }))));
  return {};
}

Done fd_write(Call& call, Fd<right::fd_write> fd, IoVecList list, Out<Size> out) {
  if (fd->wants_nonblocking) [[unlikely]]
    TRY(check_ready(*fd, true));
  if (fd->filter) [[unlikely]] {
    out.set(static_cast<Size>(TRY(write_filtered(call, *fd, list.pieces()))));
    return {};
  }
  out.set(static_cast<Size>(TRY(call.wait([&] { return platform::write(fd->fd, list.pieces()); }))));
  return {};
}

Done fd_pread(Call& call, Fd<(right::fd_read | right::fd_seek)> fd, IoVecList list, uint64_t offset,
              Out<Size> out) {
  out.set(
      static_cast<Size>(TRY(call.wait([&] { return platform::read_at(fd->fd, list.pieces(), offset); }))));
  return {};
}

Done fd_pwrite(Call& call, Fd<(right::fd_write | right::fd_seek)> fd, IoVecList list, uint64_t offset,
               Out<Size> out) {
  out.set(
      static_cast<Size>(TRY(call.wait([&] { return platform::write_at(fd->fd, list.pieces(), offset); }))));
  return {};
}

}  // namespace cloche::wasi::functions
