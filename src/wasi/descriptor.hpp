// What stands behind a number that a guest calls a file descriptor.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "platform/descriptor.hpp"
#include "platform/file_status.hpp"
#include "wasi/layout.hpp"
#include "wasi/rights.hpp"
#include "wasi/terminal.hpp"

namespace cloche::wasi {

/// The guest's word for a kind of file. Pipes have none of their own; they are unknown.
FileType file_type(platform::FileKind kind);

/// An open descriptor. Shared: a call that another thread's fd_close overtakes goes on with it.
struct Descriptor {
  Descriptor(platform::Descriptor owned, FileType file_type, Rights rights_base, Rights rights_inheriting)
      : descriptor(std::move(owned)),
        fd(descriptor.get()),
        type(file_type),
        base(rights_base),
        inheriting(rights_inheriting) {}

  platform::Descriptor descriptor;  // empty for a stream of the host's
  int fd;                           // the host's number
  FileType type;
  std::atomic<Rights> base;
  std::atomic<Rights> inheriting;
  /// The guest's name of a directory that was granted.
  std::optional<std::string> preopen;
  /// A stream that others use as well. Its state is not the guest's to change: O_NONBLOCK would reach whoever
  /// shares it.
  bool is_borrowed = false;
  std::atomic<bool> wants_nonblocking{false};
  /// Streams that are terminals.
  std::unique_ptr<TerminalFilter> filter;
  /// Held while `filter`, or a directory's offset, is in use.
  std::mutex mutex;

  bool is_directory() const { return type == FileType::directory; }
  bool has(Rights rights) const { return contains(base.load(std::memory_order_relaxed), rights); }
};

using DescriptorPtr = std::shared_ptr<Descriptor>;

/// A stream of the host's. Its rights are what it was opened for.
DescriptorPtr make_stream(int fd, TerminalPolicy policy);
/// The same for a file that becomes a stream and is owned.
DescriptorPtr make_stream(platform::Descriptor owned, TerminalPolicy policy);
/// A granted directory.
DescriptorPtr make_preopen(platform::Descriptor directory, std::string guest_name, bool is_read_only);
/// A granted socket that listens.
DescriptorPtr make_listener(platform::Descriptor socket);
/// A connection that a listener accepted.
DescriptorPtr make_connection(platform::Descriptor socket);

}  // namespace cloche::wasi
