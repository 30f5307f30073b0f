// Virtual memory by the page: address space is reserved without cost, pages are committed in place.
// What the ranges are used for is the callers' business.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cloche::platform {

/// Bytes of the host's page; a power of two.
size_t page_size();

/// `bytes` rounded up to whole host pages. The caller has checked that it cannot overflow.
size_t round_to_pages(size_t bytes);

/// A range of address space of our own. Starts inaccessible; pages are committed and given back within it,
/// and the range never moves. Movable, not copyable; released by the destructor.
class Reservation {
 public:
  Reservation() = default;
  Reservation(Reservation&& other) noexcept;
  Reservation& operator=(Reservation&& other) noexcept;
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;
  ~Reservation();

  /// Reserves `bytes` (rounded up to pages) without access and without charging memory.
  /// Returns an empty reservation when the host refuses (RLIMIT_AS, no address space) or `bytes` is 0.
  static Reservation reserve(size_t bytes);

  explicit operator bool() const { return base_ != nullptr; }
  uint8_t* data() const { return base_; }
  size_t size() const { return size_; }

  /// Makes whole pages readable and writable; fresh ones hold zeros. False when the host refuses.
  bool commit(size_t offset, size_t bytes) const;
  /// Takes access away and gives the pages back. False when the host refuses.
  bool decommit(size_t offset, size_t bytes) const;
  /// Gives the contents of committed pages back: they read as zeros again and cost nothing until written.
  void discard(size_t offset, size_t bytes) const;

 private:
  uint8_t* base_ = nullptr;
  size_t size_ = 0;
};

}  // namespace cloche::platform
