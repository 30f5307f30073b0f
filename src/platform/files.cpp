#include "platform/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "platform/descriptor.hpp"

namespace cloche::platform {
namespace {

base::Unexpected<std::string> system_error() { return {std::string(strerror(errno))}; }

/// A growing buffer from malloc, whose fresh bytes are not written before they are read into.
struct Buffer {
  uint8_t* data = nullptr;
  size_t capacity = 0;
  bool grow(size_t wanted) {
    void* const bigger = realloc(data, wanted);
    if (!bigger) return false;
    data = static_cast<uint8_t*>(bigger);
    capacity = wanted;
    return true;
  }
  ~Buffer() { free(data); }
};

}  // namespace

base::Expected<FileBytes, std::string> read_file(const std::string& path, uint64_t limit_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_error();
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) return system_error();
  const std::string too_large = "larger than " + std::to_string(limit_bytes) + " bytes";
  const uint64_t stated = S_ISREG(status.st_mode) ? static_cast<uint64_t>(status.st_size) : 0;
  if (stated > limit_bytes) return base::Unexpected{too_large};

  Buffer buffer;
  size_t size = 0;
  if (!buffer.grow(static_cast<size_t>(stated) + 1)) return base::Unexpected{std::string(strerror(ENOMEM))};
  for (;;) {
    if (size > limit_bytes) return base::Unexpected{too_large};
    if (size == buffer.capacity && !buffer.grow(size + size / 2 + 65536))
      return base::Unexpected{std::string(strerror(ENOMEM))};
    const ssize_t got = read(file.get(), buffer.data + size, buffer.capacity - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error();
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  FileBytes result;
  result.bytes = {buffer.data, size};
  result.owner = std::shared_ptr<const void>(std::exchange(buffer.data, nullptr),
                                             [](const void* bytes) { free(const_cast<void*>(bytes)); });
  return result;
}

}  // namespace cloche::platform
