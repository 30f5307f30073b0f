// Stream sockets that listen, and the connections they accept.
#pragma once

#include <cstdint>
#include <string>

#include "platform/descriptor.hpp"
#include "platform/descriptor_io.hpp"
#include "platform/errno.hpp"

namespace cloche::platform {

/// Listens on a numeric address: "127.0.0.1", "::1" (without brackets), "0.0.0.0". Port 0 lets the system
/// choose. Fails: EINVAL for an address that is none, otherwise as socket, bind and listen do.
SystemResult<Descriptor> listen_on(const std::string& address, uint16_t port);

/// Accepts a connection, close-on-exec. Fails with EINTR for every signal.
SystemResult<Descriptor> accept_from(int fd, bool nonblocking);

struct Received {
  size_t size_bytes = 0;
  bool is_truncated = false;
};
/// Fails: ENOTSOCK; EINTR for every signal.
SystemResult<Received> receive(int fd, IoVecs pieces, bool peek, bool wait_all);
/// A connection that the other end has closed is EPIPE, never a signal.
SystemResult<size_t> send(int fd, IoVecs pieces);

SystemResult<void> shut_down(int fd, bool receiving, bool sending);

bool is_listening(int fd);

}  // namespace cloche::platform
