// A path's text, taken apart: parent, last name, slashes at the end. Knows nothing of files.
#pragma once

#include <string>
#include <string_view>

#include "platform/errno.hpp"

namespace cloche::platform {

/// Linux's PATH_MAX, the NUL included.
inline constexpr size_t path_max_bytes = 4096;

/// Copies a path from memory that may change meanwhile, and refuses what is no relative path: empty (ENOENT),
/// with a NUL (EINVAL), too long (ENAMETOOLONG), absolute (Errno::outside()).
SystemResult<std::string> checked_path(std::string_view path);

/// A checked path in its parts.
struct PathParts {
  std::string parent;  ///< without slashes at its end; empty when it is the directory itself
  std::string
      name;  ///< without a slash; empty when the path ends in `.` or `..`, so names no entry of its parent
  bool slash = false;  ///< the path ended in slashes

  bool names_entry() const { return !name.empty(); }
};

PathParts split_path(std::string path);

/// The path without the slashes at its end.
std::string_view without_slashes(std::string_view path);

}  // namespace cloche::platform
