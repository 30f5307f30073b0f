#include "platform/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

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

/// Reads a descriptor to its end.
base::Expected<FileBytes, std::string> read_descriptor(int descriptor, uint64_t limit_bytes) {
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return system_error();
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
    const ssize_t got = read(descriptor, buffer.data + size, buffer.capacity - size);
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

/// The path behind symbolic links; the path itself when there is nothing yet.
std::string resolved(const std::string& path) {
  char* const real = realpath(path.c_str(), nullptr);
  if (!real) return path;
  std::string result(real);
  free(real);
  return result;
}

}  // namespace

base::Expected<FileBytes, std::string> read_file(const std::string& path, uint64_t limit_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_error();
  return read_descriptor(file.get(), limit_bytes);
}

bool is_regular_file(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

base::Expected<FileBytes, std::string> read_standard_input(uint64_t limit_bytes) {
  return read_descriptor(STDIN_FILENO, limit_bytes);
}

base::Expected<void, std::string> write_all(int descriptor, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error();
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return {};
}

base::Expected<void, std::string> write_file(const std::string& path, std::span<const uint8_t> bytes) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.get() < 0) return system_error();
  return write_all(file.get(), bytes);
}

base::Expected<void, std::string> replace_file(const std::string& path, std::span<const uint8_t> bytes) {
  const std::string target = resolved(path);
  struct stat status = {};
  if (stat(target.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return write_file(target, bytes);
  std::string fresh = target + ".XXXXXX";
  const Descriptor file(mkostemp(fresh.data(), O_CLOEXEC));
  if (file.get() < 0) return system_error();
  auto written = write_all(file.get(), bytes);
  if (written && (fchmod(file.get(), status.st_mode & 07777) != 0 || fsync(file.get()) != 0 ||
                  rename(fresh.c_str(), target.c_str()) != 0))
    written = system_error();
  if (!written) unlink(fresh.c_str());
  return written;
}

}  // namespace cloche::platform
