// Files beneath a directory, and nothing outside it: every path is resolved by the kernel (openat2 with
// RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS), not by comparing strings, or step by step where the kernel call
// is refused. Rights are not decided here: who holds a directory may do with it what the process may.
//
// Calls that change a name (unlink, rename, link, …) would follow a last link if the path ended in a slash.
// So slashes at the end are taken off here, the parent is resolved beneath the directory, and the system gets
// a single name.
//
// Paths are bytes without a NUL and shorter than 4096, `/` separates. They are copied before they are looked
// at, so that another thread may change them meanwhile. Empty: ENOENT; with a NUL: EINVAL; too long:
// ENAMETOOLONG; absolute or leading out: Errno::outside(). All else fails with what the system says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/descriptor.hpp"
#include "platform/errno.hpp"
#include "platform/file_status.hpp"

namespace cloche::platform {

/// Who resolves paths.
enum class Resolver : uint8_t {
  automatic,    ///< the kernel where it can and may, otherwise step by step
  step_by_step  ///< a directory at a time with O_NOFOLLOW, links expanded by us: slower, and as tight
};

/// Whether a link in the last place is followed. Links in other places always are, as far as they stay
/// beneath.
enum class Follow : bool { no, yes };

/// How a file is opened.
struct OpenHow {
  bool read = true;
  bool write = false;
  bool append = false;
  bool nonblocking = false;
  bool data_sync = false;  ///< O_DSYNC
  bool sync = false;       ///< O_SYNC
  bool create = false;     ///< as a regular file, when it is not there
  bool exclusive = false;  ///< with create: it must not be there, not even as a link
  bool truncate = false;
  bool directory = false;  ///< it must be a directory
  Follow follow = Follow::no;
};

/// An open file and what it is.
struct Opened {
  Descriptor descriptor;
  FileStatus status;
};

/// A directory that no path leaves. Borrows the descriptor.
class Beneath {
 public:
  explicit Beneath(int directory, Resolver resolver = Resolver::automatic)
      : directory_(directory), resolver_(resolver) {}

  /// Opens a file or directory, close-on-exec, never an O_PATH one. Does not wait for the other end of a pipe
  /// (ENXIO when one opens it for writing and nobody reads). A link in the last place that is not followed:
  /// ELOOP, or ENOTDIR when a directory is wanted. A path that ends in a slash must be a directory, and
  /// creates none: EISDIR.
  SystemResult<Opened> open(std::string_view path, const OpenHow& how) const;

  /// What is at the path. Follows the last link also when the path ends in a slash.
  SystemResult<FileStatus> status(std::string_view path, Follow follow) const;

  /// Sets times; the link's own unless `follow`.
  SystemResult<void> set_times(std::string_view path, Follow follow, FileTime accessed,
                               FileTime modified) const;

  /// Makes a directory, with the permissions that umask leaves of 0777.
  SystemResult<void> make_directory(std::string_view path) const;

  /// The text of a link, at most 4095 bytes. EINVAL when the path is no link.
  SystemResult<std::string> read_link(std::string_view path) const;

  /// Makes a link that says `target`. A target that is absolute would lead out: Errno::outside(). A relative
  /// one is not judged, since where it leads depends on when it is followed. Fails: EEXIST, and for an empty
  /// target ENOENT.
  SystemResult<void> make_link(std::string_view target, std::string_view path) const;

  /// A file that is not a directory gets another name. The last link of `from` is linked itself unless
  /// `follow`.
  static SystemResult<void> hard_link(const Beneath& from_directory, std::string_view from, Follow follow,
                                      const Beneath& to_directory, std::string_view to);

  /// Moves what is named, a link itself, replacing what is at `to` as rename(2) does.
  static SystemResult<void> rename(const Beneath& from_directory, std::string_view from,
                                   const Beneath& to_directory, std::string_view to);

  /// Removes a name that is not a directory's (EISDIR).
  SystemResult<void> unlink(std::string_view path) const;

  /// Removes an empty directory. A link to one is ENOTDIR.
  SystemResult<void> remove_directory(std::string_view path) const;

  int directory() const { return directory_; }

 private:
  int directory_;
  Resolver resolver_;
};

/// Opens a directory of the host by its ordinary path, for granting. Fails as open(2) does; ENOTDIR.
SystemResult<Descriptor> open_host_directory(const std::string& path);

}  // namespace cloche::platform
