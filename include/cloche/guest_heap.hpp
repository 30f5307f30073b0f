// Memory that the guest's own allocator hands out, for a host that has bytes to pass in.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "cloche/store.hpp"

namespace cloche {

/// How a guest lets its host allocate: the names of its exports, and what their parameters mean.
///
/// A letter stands for each parameter: 's' the size in bytes, 'a' the alignment, 'p' the address of the
/// block, '0' zero. All of them, and the address that comes back, are of the memory's address type: i32, or
/// i64 for memory64.
struct GuestAllocator {
  std::string memory = "memory";
  std::string allocate = "malloc";
  std::string allocate_takes = "s";
  /// Called with the new address if it has a name: keeps a collector from taking the block.
  std::string keep;
  /// What frees a block; without a name nothing does: blocks belong to the guest from the beginning.
  std::string release = "free";
  std::string release_takes = "p";
};

class GuestBuffer;

namespace detail {
struct GuestHeapState;
}

/// The heap inside a guest's linear memory, seen from its host: asks the guest's allocator for blocks, which
/// are then filled, passed to the guest by address, and freed. A small value that stays valid as long as the
/// store.
///
/// What the allocator returns is not believed: a block that does not lie in the memory, or is not aligned, is
/// an error of kind `guest`, and no access ever leaves the memory. A guest can still give a block that it
/// uses itself; that harms nobody else. Any other failure of these calls is as of Func::call: the guest's
/// allocator may trap, or exit.
class GuestHeap {
 public:
  /// The allocator of an instance, found by names that toolchains give: malloc and free (C, C++, TinyGo,
  /// emscripten),
  /// __wbindgen_malloc and __wbindgen_free (Rust), __new, __pin and __unpin (AssemblyScript), allocate and
  /// deallocate or alloc and dealloc (by convention), cabi_realloc (component model; frees nothing). Fails:
  /// usage, when there is none whose types fit; the message says what was looked for.
  static Result<GuestHeap> find(const Instance& instance);
  /// The same for the instance that calls a host function.
  static Result<GuestHeap> find(const Caller& caller);
  /// The allocator that is described. Fails: usage, when an export is missing or of another type, or a letter
  /// has no meaning.
  static Result<GuestHeap> find(const Instance& instance, const GuestAllocator& allocator);
  static Result<GuestHeap> find(const Caller& caller, const GuestAllocator& allocator);

  /// A block of `size` bytes whose address is a multiple of `alignment`; what it holds is the guest's affair.
  /// An allocator that is not told of the alignment is asked for more where it needs to be. Of no bytes, a
  /// block has an address too. Fails: resource, when the guest has no memory left (it returned null) or the
  /// size is beyond its address space; guest, for an address that cannot be right; usage, when the alignment
  /// is no power of two; trap; exit.
  Result<GuestBuffer> allocate(uint64_t size, uint64_t alignment = 1) const;
  /// A block with a copy of the bytes. Fails as allocate does.
  Result<GuestBuffer> copy_in(std::span<const uint8_t> bytes, uint64_t alignment = 1) const;
  /// A block with a copy of the text, without a zero behind it.
  Result<GuestBuffer> copy_in(std::string_view text) const;
  Result<GuestBuffer> copy_in(const char* text) const;
  /// A block with a copy of the text and a zero behind it, as C wants it. Fails: usage, when the text has a
  /// zero in it.
  Result<GuestBuffer> copy_in_c_string(std::string_view text) const;
  /// A block with copies of values whose representation the guest shares: numbers, and structures of them.
  template <class T>
    requires(std::is_trivially_copyable_v<T> && !std::is_same_v<std::remove_cv_t<T>, uint8_t>)
  Result<GuestBuffer> copy_in(std::span<const T> values) const;

  /// Frees a block that the guest gave in some other way, for example as a result. `size` and `alignment`
  /// matter only to allocators that are told. Fails: usage, when nothing frees; trap; exit.
  Result<void> release(uint64_t address, uint64_t size = 0, uint64_t alignment = 1) const;

  /// The exports that were found.
  const GuestAllocator& allocator() const;
  Memory memory() const;

 private:
  friend class GuestBuffer;
  explicit GuestHeap(std::shared_ptr<const detail::GuestHeapState> state) : state_(std::move(state)) {}
  std::shared_ptr<const detail::GuestHeapState> state_;
};

/// A block of a guest's heap; freed when this goes, while the store must still be there. Owned: can be moved
/// only.
class GuestBuffer {
 public:
  GuestBuffer(GuestBuffer&& from) noexcept;
  GuestBuffer& operator=(GuestBuffer&& from) noexcept;
  GuestBuffer(const GuestBuffer&) = delete;
  GuestBuffer& operator=(const GuestBuffer&) = delete;
  /// Frees the block if nobody has; errors of the guest's allocator are ignored. See free.
  ~GuestBuffer();

  /// What to pass to the guest. address32 is for memories with 32-bit addresses.
  uint64_t address() const { return address_; }
  uint32_t address32() const { return static_cast<uint32_t>(address_); }
  uint64_t size() const { return size_; }
  /// The block's bytes, in the guest's memory: they change when the guest writes. Empty once it is freed or
  /// given away.
  std::span<uint8_t> bytes() const;
  /// The same as text, borrowed.
  std::string_view text() const;
  /// Copies a value of T at byte `at` of the block; nothing when it does not lie inside.
  template <class T>
  std::optional<T> read(uint64_t at = 0) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto block = bytes();
    if (at > block.size() || block.size() - at < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(static_cast<void*>(&value), block.data() + at, sizeof(T));
    return value;
  }
  /// Stores a value of T at byte `at` of the block; false, and nothing written, when it does not fit.
  template <class T>
  [[nodiscard]] bool write(uint64_t at, const T& value) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto block = bytes();
    if (at > block.size() || block.size() - at < sizeof(T)) return false;
    std::memcpy(block.data() + at, &value, sizeof(T));
    return true;
  }

  /// Frees the block now, once: what the guest's allocator says to that is the result. Nothing happens to a
  /// block that is freed or given away already, or that only the guest can free. Fails: trap; exit.
  Result<void> free();
  /// Leaves the block to the guest, which frees it when it likes; its address. What passes ownership does
  /// this.
  uint64_t give();

 private:
  friend class GuestHeap;
  GuestBuffer(GuestHeap heap, uint64_t block, uint64_t block_size, uint64_t address, uint64_t size,
              uint64_t alignment)
      : heap_(std::move(heap)),
        block_(block),
        block_size_(block_size),
        address_(address),
        size_(size),
        alignment_(alignment),
        is_ours_(true) {}

  GuestHeap heap_;
  uint64_t block_;  // what the allocator returned, and how much of it was asked for
  uint64_t block_size_;
  uint64_t address_;
  uint64_t size_;
  uint64_t alignment_;
  bool is_ours_;
};

inline Result<GuestBuffer> GuestHeap::copy_in(const char* text) const {
  return copy_in(std::string_view(text));
}

template <class T>
  requires(std::is_trivially_copyable_v<T> && !std::is_same_v<std::remove_cv_t<T>, uint8_t>)
Result<GuestBuffer> GuestHeap::copy_in(std::span<const T> values) const {
  return copy_in(std::span(reinterpret_cast<const uint8_t*>(values.data()), values.size_bytes()), alignof(T));
}

}  // namespace cloche
