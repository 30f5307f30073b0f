#include "platform/path_text.hpp"

#include <cerrno>

namespace cloche::platform {

SystemResult<std::string> checked_path(std::string_view path) {
  if (path.empty()) return failed(ENOENT);
  if (path.size() >= path_max_bytes) return failed(ENAMETOOLONG);
  std::string copy(path);
  if (copy.find('\0') != std::string::npos) return failed(EINVAL);
  if (copy.front() == '/') return base::Unexpected{Errno::outside()};
  return copy;
}

std::string_view without_slashes(std::string_view path) {
  // Not empty: a checked path does not begin with a slash.
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

PathParts split_path(std::string path) {
  PathParts parts;
  const std::string_view stripped = without_slashes(path);
  parts.slash = stripped.size() != path.size();
  const size_t cut = stripped.rfind('/');
  const std::string_view name = cut == std::string_view::npos ? stripped : stripped.substr(cut + 1);
  if (name != "." && name != "..") parts.name = name;
  if (cut != std::string_view::npos) parts.parent = without_slashes(stripped.substr(0, cut));
  return parts;
}

}  // namespace cloche::platform
