#include "platform/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <array>
#include <atomic>

#include "platform/descriptor.hpp"
#include "platform/pages.hpp"
#include "platform/signals.hpp"

namespace cloche::platform {
namespace {

/// The mapped ranges, where the fault handler finds them without a lock. A place is taken by whoever changes
/// `begin` from 0; `end` is 0 while the place is being filled or emptied.
struct Place {
  std::atomic<uintptr_t> begin{0};
  std::atomic<uintptr_t> end{0};
};
std::array<Place, 8> places;
std::atomic<bool> lost{false};

bool is_mapped(uintptr_t address) {
  for (const Place& place : places)
    if (address >= place.begin.load(std::memory_order_acquire) &&
        address < place.end.load(std::memory_order_acquire))
      return true;
  return false;
}

/// Puts a page of zeros where the file has none any more. Runs in the fault handler: mmap is a system call,
/// no more.
bool replace_lost_page(Fault& fault) {
  if (!is_mapped(fault.address())) return false;
  void* const page = reinterpret_cast<void*>(fault.address() & ~uintptr_t{page_size() - 1});
  if (mmap(page, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
    return false;
  lost.store(true, std::memory_order_release);
  return true;
}

Place* take_place(uintptr_t begin) {
  for (Place& place : places) {
    uintptr_t free = 0;
    if (place.begin.compare_exchange_strong(free, begin)) return &place;
  }
  return nullptr;
}

/// Unmaps its file when it goes.
class Mapping {
 public:
  Mapping(void* bytes, size_t size) : bytes_(bytes), size_(size) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (place_ != nullptr) {
      place_->end.store(0, std::memory_order_release);
      place_->begin.store(0, std::memory_order_release);
    }
    munmap(bytes_, size_);
  }

  /// Lets the fault handler know it. False when there is no handler or no place.
  bool guard() {
    if (!install_fault_handler(replace_lost_page)) return false;
    const auto begin = reinterpret_cast<uintptr_t>(bytes_);
    place_ = take_place(begin);
    if (place_ == nullptr) return false;
    place_->end.store(begin + size_, std::memory_order_release);
    return true;
  }

  FileBytes bytes(std::shared_ptr<const void> owner) const {
    return {{static_cast<const uint8_t*>(bytes_), size_}, std::move(owner)};
  }

 private:
  void* bytes_;
  size_t size_;
  Place* place_ = nullptr;
};

/// The guarded mapping of a large regular file; none when it is something else or the host refuses.
std::shared_ptr<const Mapping> try_to_map(const std::string& path, uint64_t limit_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size < min_mapped_bytes || size > limit_bytes) return nullptr;
  void* const bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (bytes == MAP_FAILED) return nullptr;
  auto mapping = std::make_shared<Mapping>(bytes, size);
  return mapping->guard() ? mapping : nullptr;
}

}  // namespace

base::Expected<FileBytes, std::string> map_file(const std::string& path, uint64_t limit_bytes) {
  if (!faults_belong_to_sanitizer())
    if (const auto mapping = try_to_map(path, limit_bytes)) return mapping->bytes(mapping);
  return read_file(path, limit_bytes);
}

bool lost_mapped_bytes() { return lost.load(std::memory_order_acquire); }

}  // namespace cloche::platform
