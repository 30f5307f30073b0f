// Reading whole files of untrusted size and kind.
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

/// Reads a whole file, pipe or device, at most `limit_bytes`. The bytes are copied, not mapped: a mapped file
/// that somebody truncates meanwhile would end the process with SIGBUS. Fails with what the system says ("No
/// such file or directory"), or "larger than N bytes".
base::Expected<FileBytes, std::string> read_file(const std::string& path, uint64_t limit_bytes);

}  // namespace cloche::platform
