// The records of WASI preview 1 as they lie in linear memory: little-endian, naturally aligned, padded with
// zeros.
#pragma once

#include <cstdint>

namespace cloche::wasi {

/// Addresses and sizes are 32 bits, whatever the memory's address type.
using Ptr = uint32_t;
using Size = uint32_t;

enum class FileType : uint8_t {
  unknown,
  block_device,
  character_device,
  directory,
  regular_file,
  socket_dgram,
  socket_stream,
  symbolic_link,
};

/// The fdflags.
namespace fdflag {
inline constexpr uint32_t append = 1, dsync = 2, nonblock = 4, rsync = 8, sync = 16, all = 31;
}
/// The oflags.
namespace oflag {
inline constexpr uint32_t creat = 1, directory = 2, excl = 4, trunc = 8, all = 15;
}
/// The lookupflags.
namespace lookupflag {
inline constexpr uint32_t symlink_follow = 1, all = 1;
}
/// The fstflags.
namespace fstflag {
inline constexpr uint32_t atim = 1, atim_now = 2, mtim = 4, mtim_now = 8, all = 15;
}

struct GuestIoVec {
  Ptr buf;
  Size buf_len;
};
static_assert(sizeof(GuestIoVec) == 8);

struct Fdstat {
  uint8_t filetype = 0;
  uint8_t padding0 = 0;
  uint16_t flags = 0;
  uint32_t padding1 = 0;
  uint64_t rights_base = 0;
  uint64_t rights_inheriting = 0;
};
static_assert(sizeof(Fdstat) == 24);

struct Filestat {
  uint64_t dev = 0;
  uint64_t ino = 0;
  uint8_t filetype = 0;
  uint8_t padding[7] = {};
  uint64_t nlink = 0;
  uint64_t size = 0;
  uint64_t atim = 0;
  uint64_t mtim = 0;
  uint64_t ctim = 0;
};
static_assert(sizeof(Filestat) == 64);

struct Dirent {
  uint64_t next = 0;
  uint64_t ino = 0;
  uint32_t namlen = 0;
  uint8_t type = 0;
  uint8_t padding[3] = {};
};
static_assert(sizeof(Dirent) == 24);

struct Prestat {
  uint32_t tag = 0;  // directory
  uint32_t name_len = 0;
};
static_assert(sizeof(Prestat) == 8);

enum class EventType : uint8_t { clock, fd_read, fd_write };

/// A subscription; which fields count depends on the type.
struct Subscription {
  uint64_t userdata = 0;
  uint8_t type = 0;
  uint8_t padding0[7] = {};
  uint32_t clock_or_fd = 0;
  uint32_t padding1 = 0;
  uint64_t timeout = 0;
  uint64_t precision = 0;
  uint16_t flags = 0;  // 1: the timeout is a point in time
  uint8_t padding2[6] = {};
};
static_assert(sizeof(Subscription) == 48);

struct Event {
  uint64_t userdata = 0;
  uint16_t error = 0;
  uint8_t type = 0;
  uint8_t padding0[5] = {};
  uint64_t nbytes = 0;
  uint16_t flags = 0;  // 1: the other end hung up
  uint8_t padding1[6] = {};
};
static_assert(sizeof(Event) == 32);

}  // namespace cloche::wasi
