// What can be done with an open descriptor besides resolving names beneath it: reading, writing, and the
// state of the open file. Thin: each function is one system call and its error. Calls that may wait for
// others (read, write) come back with EINTR, so that the caller can look why; the others repeat it.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <span>

#include "platform/descriptor.hpp"
#include "platform/errno.hpp"

namespace cloche::platform {

/// Memory that one call reads into or writes from, piece after piece.
using IoVecs = std::span<const iovec>;
/// The most pieces that the system takes at once.
inline constexpr size_t max_io_vecs = 1024;

SystemResult<size_t> read(int fd, IoVecs pieces);
SystemResult<size_t> write(int fd, IoVecs pieces);
/// At an offset in bytes, without using or moving the descriptor's own.
SystemResult<size_t> read_at(int fd, IoVecs pieces, uint64_t offset);
SystemResult<size_t> write_at(int fd, IoVecs pieces, uint64_t offset);

enum class Whence : uint8_t { set, current, end };
/// Moves the descriptor's offset and returns the new one.
SystemResult<uint64_t> seek(int fd, int64_t offset, Whence whence);

SystemResult<void> sync(int fd);
SystemResult<void> sync_data(int fd);
SystemResult<void> set_size(int fd, uint64_t size_bytes);
/// Makes sure that [offset, offset + size) has room on the disk; extends the file.
SystemResult<void> allocate(int fd, uint64_t offset, uint64_t size_bytes);

enum class Advice : uint8_t { normal, sequential, random, will_need, dont_need, no_reuse };
SystemResult<void> advise(int fd, uint64_t offset, uint64_t size_bytes, Advice advice);

/// The changeable and unchangeable state of an open file.
struct OpenFlags {
  bool append = false;
  bool data_sync = false;
  bool nonblocking = false;
  bool sync = false;
  bool readable = false;
  bool writable = false;
};
SystemResult<OpenFlags> open_flags(int fd);
/// Sets `append` and `nonblocking`; the rest cannot change.
SystemResult<void> set_open_flags(int fd, bool append, bool nonblocking);

bool is_terminal(int fd);
/// Bytes that can be read from a stream without waiting; 0 when the system does not know.
uint64_t bytes_waiting(int fd);

/// A file of the host by its ordinary path, for streams: read or written (created, emptied). Close-on-exec.
/// Waits for the other end of a fifo as a shell's redirection does.
SystemResult<Descriptor> open_host_file(const char* path, bool for_writing);
/// Takes the numbers 0, 1 and 2, where they are free, with descriptors that can be neither read nor written.
/// Otherwise the next file that is opened would be a standard stream.
void occupy_standard_streams();
/// Closes every descriptor above 2 that is not in `kept` (sorted).
void close_all_but(std::span<const int> kept);
/// Lets writing into a pipe that nobody reads fail with EPIPE, and beyond the largest size of files with
/// EFBIG, instead of ending the process.
void ignore_write_signals();

}  // namespace cloche::platform
