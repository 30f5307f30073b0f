#include "platform/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace cloche::platform {
namespace {

constexpr int backlog = 128;

/// A socket address of either family.
struct Address {
  sockaddr_storage storage = {};
  socklen_t size = 0;
};

bool parse(const std::string& text, uint16_t port, Address& address) {
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return true;
  }
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) != 1) return false;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  address.size = sizeof(sockaddr_in6);
  return true;
}

msghdr message(IoVecs pieces) {
  msghdr header = {};
  header.msg_iov = const_cast<iovec*>(pieces.data());
  header.msg_iovlen = pieces.size();
  return header;
}

}  // namespace

SystemResult<Descriptor> listen_on(const std::string& text, uint16_t port) {
  Address address;
  if (!parse(text, port, address)) return failed(EINVAL);
  Descriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return failed_with_errno();
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address.storage);
  if (bind(socket.get(), generic, address.size) != 0) return failed_with_errno();
  if (listen(socket.get(), backlog) != 0) return failed_with_errno();
  return socket;
}

SystemResult<Descriptor> accept_from(int fd, bool nonblocking) {
  const int connection = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
  if (connection < 0) return failed_with_errno();
  return Descriptor(connection);
}

SystemResult<Received> receive(int fd, IoVecs pieces, bool peek, bool wait_all) {
  msghdr header = message(pieces);
  const ssize_t got = recvmsg(fd, &header, (peek ? MSG_PEEK : 0) | (wait_all ? MSG_WAITALL : 0));
  if (got < 0) return failed_with_errno();
  return Received{static_cast<size_t>(got), (header.msg_flags & MSG_TRUNC) != 0};
}

SystemResult<size_t> send(int fd, IoVecs pieces) {
  const msghdr header = message(pieces);
  const ssize_t sent = sendmsg(fd, &header, MSG_NOSIGNAL);
  if (sent < 0) return failed_with_errno();
  return static_cast<size_t>(sent);
}

SystemResult<void> shut_down(int fd, bool receiving, bool sending) {
  const int how = receiving && sending ? SHUT_RDWR : receiving ? SHUT_RD : SHUT_WR;
  if (shutdown(fd, how) != 0) return failed_with_errno();
  return {};
}

bool is_listening(int fd) {
  int listening = 0;
  socklen_t size = sizeof listening;
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

}  // namespace cloche::platform
