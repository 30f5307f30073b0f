// A guest whose system calls a test makes one by one: a module that passes every function of WASI preview 1
// on, and a memory that the test reads and writes in its place. What is checked is what any guest could do.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloche/cloche.hpp"
#include "cloche/wasi.hpp"

namespace cloche::sandbox {

/// Numbers of the specification that tests name (typenames.witx).
namespace err {
enum : uint32_t {
  success = 0,
  toobig = 1,
  acces = 2,
  again = 6,
  badf = 8,
  busy = 10,
  exist = 20,
  fault = 21,
  fbig = 22,
  ilseq = 25,
  inval = 28,
  io = 29,
  isdir = 31,
  loop = 32,
  mfile = 33,
  nametoolong = 37,
  noent = 44,
  nospc = 51,
  nosys = 52,
  notdir = 54,
  notempty = 55,
  notsock = 57,
  notsup = 58,
  nxio = 60,
  overflow = 61,
  perm = 63,
  pipe = 64,
  spipe = 70,
  xdev = 75,
  notcapable = 76,
};
}
namespace right {
inline constexpr uint64_t fd_read = 1 << 1, fd_seek = 1 << 2, fd_tell = 1 << 5, fd_write = 1 << 6,
                          fd_allocate = 1 << 8, path_create_directory = 1 << 9, path_create_file = 1 << 10,
                          path_link_source = 1 << 11, path_link_target = 1 << 12, path_open = 1 << 13,
                          fd_readdir = 1 << 14, path_rename_source = 1 << 16, path_rename_target = 1 << 17,
                          path_filestat_set_size = 1 << 19, path_filestat_set_times = 1 << 20,
                          fd_filestat_set_size = 1 << 22, fd_filestat_set_times = 1 << 23,
                          path_symlink = 1 << 24, path_remove_directory = 1 << 25, path_unlink_file = 1 << 26,
                          all = (1 << 30) - 1,
                          of_directories = all & ~(fd_write | fd_filestat_set_size | fd_allocate);
}
inline constexpr uint32_t creat = 1, directory = 2, excl = 4, trunc = 8;  // oflags
inline constexpr uint32_t append = 1, nonblock = 4;                       // fdflags
inline constexpr uint32_t follow = 1;                                     // lookupflags
inline constexpr uint32_t atim_now = 2, mtim = 4, mtim_now = 8;           // fstflags
inline constexpr uint32_t first_preopen = 3;

/// How a path is opened: path_open's arguments.
struct Opening {
  uint32_t lookup = 0, oflags = 0;
  uint64_t rights = right::fd_read, inheriting = right::all;
  uint32_t fdflags = 0;
};

/// An instance of the guest. Calls return the errno; a test fails when one traps.
class Guest {
 public:
  /// Instantiates with what `wasi` grants.
  explicit Guest(Wasi& wasi);

  /// Calls a function of WASI by name. Arguments become i32 or i64 as the function wants them.
  uint32_t call(std::string_view name, std::span<const uint64_t> arguments);
  uint32_t call(std::string_view name, std::initializer_list<uint64_t> arguments) {
    return call(name, std::span(arguments.begin(), arguments.size()));
  }

  // Linear memory. `put` lays data down in a part of its own and returns its address; `forget` empties that
  // part.
  uint32_t put(std::string_view data);
  uint32_t reserve(uint32_t size);
  void forget() { next_free_ = first_free; }
  uint32_t u32(uint32_t at) const { return read<uint32_t>(at); }
  uint64_t u64(uint32_t at) const { return read<uint64_t>(at); }
  std::string text(uint32_t at, uint32_t size) const;
  uint32_t memory_size() const { return static_cast<uint32_t>(memory_->size_bytes()); }
  const Memory& memory() const { return *memory_; }

  // The calls that tests make most, in short.
  /// A new descriptor in `*fd`.
  uint32_t open(uint32_t dir, std::string_view path, const Opening& how, uint32_t* fd);
  /// Opens and closes again: only the errno.
  uint32_t try_open(uint32_t dir, std::string_view path, const Opening& how = {});
  uint32_t close(uint32_t fd) { return call("fd_close", {fd}); }
  /// A call with a directory and a path first, and other arguments behind.
  uint32_t on_path(std::string_view name, uint32_t dir, std::string_view path,
                   std::initializer_list<uint64_t> others = {});
  uint32_t stat(uint32_t dir, std::string_view path, uint32_t lookup = 0);
  uint32_t touch(uint32_t dir, std::string_view path, uint32_t lookup = 0);
  uint32_t link(uint32_t from_dir, uint32_t lookup, std::string_view from, uint32_t to_dir,
                std::string_view to);
  uint32_t rename(uint32_t from_dir, std::string_view from, uint32_t to_dir, std::string_view to);
  uint32_t symlink(std::string_view target, uint32_t dir, std::string_view path);
  uint32_t readlink(uint32_t dir, std::string_view path, std::string* target = nullptr);
  uint32_t write(uint32_t fd, std::string_view data, uint32_t* written = nullptr);
  uint32_t read(uint32_t fd, uint32_t size, std::string* data);

 private:
  static constexpr uint32_t first_free = 4096;

  template <class T>
  T read(uint32_t at) const {
    return memory_->read<T>(at).value_or(T{});
  }

  Engine engine_;
  Store store_;
  std::optional<Instance> instance_;
  std::optional<Memory> memory_;
  uint32_t next_free_ = first_free;
};

}  // namespace cloche::sandbox
