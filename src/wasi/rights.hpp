// Rights: what a descriptor may be used for, and what those opened beneath it may.
#pragma once

#include <cstdint>

namespace cloche::wasi {

/// A set of rights; the bits are those of WASI preview 1.
using Rights = uint64_t;

namespace detail {
enum class RightBit : uint8_t {
#define RIGHT(name, belongs) name,
#include "wasi/rights.def"
#undef RIGHT
};
enum class RightKind : uint8_t { file = 1, dir = 2, both = 3, file_write = 5, dir_write = 6, both_write = 7 };
}  // namespace detail

/// Single rights, and the sets that kinds of descriptors have.
namespace right {
inline constexpr Rights none = 0;
#define RIGHT(name, belongs) \
  inline constexpr Rights name = Rights{1} << static_cast<int>(wasi::detail::RightBit::name);
#include "wasi/rights.def"
#undef RIGHT

namespace detail {
constexpr Rights with_kind(uint8_t wanted) {
  Rights rights = none;
#define RIGHT(name, belongs) \
  if ((static_cast<uint8_t>(wasi::detail::RightKind::belongs) & wanted) != 0) rights |= name;
#include "wasi/rights.def"
#undef RIGHT
  return rights;
}
}  // namespace detail

/// All that mean something for files and streams, for directories, for anything.
inline constexpr Rights of_files = detail::with_kind(1);
inline constexpr Rights of_directories = detail::with_kind(2);
inline constexpr Rights all = of_files | of_directories;
/// What changes files or directories, also by making and removing names. A hard link changes the file's link
/// count and would carry it to where it may be written, so making one counts.
inline constexpr Rights writing = detail::with_kind(4);
/// Without any of these, what was opened is not what the guest asked for. The others are lost silently where
/// the directory does not pass them on: programs ask for everything.
inline constexpr Rights essential = fd_read | fd_write | fd_readdir | fd_allocate | fd_filestat_set_size;
}  // namespace right

constexpr bool contains(Rights set, Rights wanted) { return (set & wanted) == wanted; }

}  // namespace cloche::wasi
