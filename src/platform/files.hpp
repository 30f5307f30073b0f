// Reading whole files of untrusted size and kind, and writing them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/expected.hpp"

namespace cloche::platform {

/// A file's bytes and their owner.
struct FileBytes {
  std::span<const uint8_t> bytes;
  std::shared_ptr<const void> owner;
};

/// Reads a whole file, pipe or device, at most `limit_bytes`. The bytes are copied, not mapped:
/// whoever writes to the file meanwhile does not change what has been read (but see mapped_file.hpp). Fails
/// with what the system says ("No such file or directory"), or "larger than N bytes".
base::Expected<FileBytes, std::string> read_file(const std::string& path, uint64_t limit_bytes);
/// Whether a regular file stands there, so that reading it waits for nobody.
bool is_regular_file(const std::string& path);
/// What standard input still holds, as read_file gives it.
base::Expected<FileBytes, std::string> read_standard_input(uint64_t limit_bytes);

/// Writes all bytes to an open descriptor, however many calls that takes. Fails with what the system says.
base::Expected<void, std::string> write_all(int descriptor, std::span<const uint8_t> bytes);
/// Makes a file of the bytes, or gives one that is there new contents. Fails with what the system says.
base::Expected<void, std::string> write_file(const std::string& path, std::span<const uint8_t> bytes);
/// Gives a file new contents at once: whoever reads it sees all of the old or all of the new, also when the
/// process ends in between. Its permissions stay, and a symbolic link goes on naming it. What is no regular
/// file is written as write_file does. Fails with what the system says; the file is then as it was.
base::Expected<void, std::string> replace_file(const std::string& path, std::span<const uint8_t> bytes);

}  // namespace cloche::platform
