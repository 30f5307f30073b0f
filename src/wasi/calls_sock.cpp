// sock_*: connections that come to sockets which were granted.
#include "platform/sockets.hpp"
#include "wasi/functions.hpp"

namespace cloche::wasi::functions {
namespace {

constexpr uint32_t peek = 1, wait_all = 2;      // riflags
constexpr uint16_t data_truncated = 1;          // roflags
constexpr uint32_t receiving = 1, sending = 2;  // sdflags

}  // namespace

Done sock_accept(Call& call, Fd<right::sock_accept> fd, uint32_t flags, Out<uint32_t> out) {
  if ((flags & ~fdflag::nonblock) != 0) return fail(Errno::inval);
  if (call.process().descriptors().is_full()) return fail(Errno::mfile);
  platform::Descriptor connection =
      TRY(call.wait([&] { return platform::accept_from(fd->fd, (flags & fdflag::nonblock) != 0); }));
  out.set(TRY(call.process().descriptors().add(make_connection(std::move(connection)))));
  return {};
}

Done sock_recv(Call& call, Fd<right::fd_read> fd, IoVecList list, uint32_t flags, Out<Size> size,
               Out<uint16_t> out_flags) {
  if ((flags & ~(peek | wait_all)) != 0) return fail(Errno::inval);
  const platform::Received got = TRY(call.wait([&] {
    return platform::receive(fd->fd, list.pieces(), (flags & peek) != 0, (flags & wait_all) != 0);
  }));
  size.set(static_cast<Size>(got.size_bytes));
  out_flags.set(got.is_truncated ? data_truncated : 0);
  return {};
}

Done sock_send(Call& call, Fd<right::fd_write> fd, IoVecList list, uint32_t flags, Out<Size> size) {
  if (flags != 0) return fail(Errno::inval);
  size.set(static_cast<Size>(TRY(call.wait([&] { return platform::send(fd->fd, list.pieces()); }))));
  return {};
}

Done sock_shutdown(Call&, Fd<right::sock_shutdown> fd, uint32_t how) {
  if (how == 0 || (how & ~(receiving | sending)) != 0) return fail(Errno::inval);
  return from_system(platform::shut_down(fd->fd, (how & receiving) != 0, (how & sending) != 0));
}

}  // namespace cloche::wasi::functions
