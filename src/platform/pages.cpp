#include "platform/pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "base/assert.hpp"

namespace cloche::platform {
namespace {

#ifdef MAP_NORESERVE
constexpr int reserve_flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
#else
constexpr int reserve_flags = MAP_PRIVATE | MAP_ANONYMOUS;
#endif

bool is_page_range(size_t offset, size_t bytes, size_t total) {
  const size_t mask = page_size() - 1;
  return (offset & mask) == 0 && (bytes & mask) == 0 && offset <= total && bytes <= total - offset;
}

}  // namespace

size_t page_size() {
  static const size_t size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

size_t round_to_pages(size_t bytes) { return (bytes + page_size() - 1) & ~(page_size() - 1); }

Reservation::Reservation(Reservation&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Reservation& Reservation::operator=(Reservation&& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(size_, other.size_);
  return *this;
}

Reservation::~Reservation() {
  if (base_) munmap(base_, size_);
}

Reservation Reservation::reserve(size_t bytes) {
  Reservation range;
  if (bytes == 0 || bytes > SIZE_MAX - page_size()) return range;
  const size_t size = round_to_pages(bytes);
  void* const base = mmap(nullptr, size, PROT_NONE, reserve_flags, -1, 0);
  if (base == MAP_FAILED) return range;
  range.base_ = static_cast<uint8_t*>(base);
  range.size_ = size;
  return range;
}

bool Reservation::commit(size_t offset, size_t bytes) const {
  ASSERT(is_page_range(offset, bytes, size_));
  return bytes == 0 || mprotect(base_ + offset, bytes, PROT_READ | PROT_WRITE) == 0;
}

bool Reservation::decommit(size_t offset, size_t bytes) const {
  ASSERT(is_page_range(offset, bytes, size_));
  if (bytes == 0) return true;
  // A fresh mapping over the old one drops contents and access in one step.
  return mmap(base_ + offset, bytes, PROT_NONE, reserve_flags | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void Reservation::discard(size_t offset, size_t bytes) const {
  ASSERT(is_page_range(offset, bytes, size_));
  if (bytes == 0) return;
  // MADV_DONTNEED zeroes private anonymous pages on Linux only; elsewhere they are mapped afresh.
#ifdef __linux__
  if (madvise(base_ + offset, bytes, MADV_DONTNEED) == 0) return;
#endif
  const void* const fresh =
      mmap(base_ + offset, bytes, PROT_READ | PROT_WRITE, reserve_flags | MAP_FIXED, -1, 0);
  ASSERT(fresh != MAP_FAILED);
}

}  // namespace cloche::platform
