// Large files read without copying them. Only for what is read as text: somebody may write to the file
// meanwhile, and then its bytes change under the reader. What has been checked and is relied on later must be
// a copy (read_file).
#pragma once

#include "platform/files.hpp"

namespace cloche::platform {

/// Files of fewer bytes are read: a mapping costs more than copying them.
inline constexpr uint64_t min_mapped_bytes = 1 << 20;

/// The bytes of a file, mapped if it is a large regular file and the host lets us, otherwise as read_file
/// gives them. The owner unmaps them. Fails as read_file does. A mapped file that somebody shortens does not
/// end the process: what is gone reads as zeros, and lost_mapped_bytes() tells.
base::Expected<FileBytes, std::string> map_file(const std::string& path, uint64_t limit_bytes);

/// Whether a mapped file has lost bytes that somebody wanted to read, since the process began. What was read
/// from one is then worth nothing. Thread-safe.
bool lost_mapped_bytes();

}  // namespace cloche::platform
