#include "runtime/linear_memory.hpp"

#include <algorithm>

#include "wasm/limits.hpp"

namespace cloche::runtime {
namespace {

constexpr uint64_t gib = uint64_t{1} << 30;
constexpr uint64_t guard_before_bytes = 2 * gib;
constexpr uint64_t guarded_bytes = 8 * gib + 65536;  // 32-bit address + 32-bit offset + access
constexpr uint64_t max_bytes_32 = 4 * gib;
constexpr uint64_t max_bytes_64 = wasm::limits::memory64_runtime_pages << 16;

/// The most pages a memory of this type can have at run time. With pages of one byte, 2^32 of them could not
/// be told from none by memory.size.
uint64_t page_limit(const wasm::MemType& type) {
  const uint64_t bytes = type.limits.is_64 ? max_bytes_64 : max_bytes_32;
  const uint64_t pages = bytes >> type.page_size_log2;
  return !type.limits.is_64 && type.page_size_log2 == 0 ? pages - 1 : pages;
}

}  // namespace

std::shared_ptr<LinearMemory> LinearMemory::create(const wasm::MemType& type, const Options& options) {
  const uint64_t max_pages = std::min(type.limits.max.value_or(~uint64_t{0}), page_limit(type));
  if (type.limits.min > max_pages) return nullptr;
  std::shared_ptr<LinearMemory> memory(new LinearMemory);
  memory->type_ = type;
  memory->max_bytes_ = std::min(max_pages << type.page_size_log2, options.max_bytes);
  abi::Memory& fields = memory->abi_;
  fields.max_pages = max_pages;
  fields.is_64 = type.limits.is_64;
  fields.shared = type.shared;
  fields.page_size_log2 = static_cast<uint8_t>(type.page_size_log2);
  fields.owner = memory.get();
  const uint64_t min_bytes = type.limits.min << type.page_size_log2;
  if (min_bytes > memory->max_bytes_) return nullptr;
  if (!memory->reserve(min_bytes, memory->max_bytes_, options.guard_pages)) return nullptr;
  if (memory->grow(type.limits.min) == ~uint64_t{0}) return nullptr;
  return memory;
}

bool LinearMemory::reserve(uint64_t min_bytes, uint64_t max_bytes, bool guard_pages) {
  if (guard_pages && !abi_.is_64 && abi_.page_size_log2 == wasm::default_page_size_log2) {
    reservation_ = platform::Reservation::reserve(guard_before_bytes + guarded_bytes);
    if (reservation_) {
      abi_.base = reservation_.data() + guard_before_bytes;
      abi_.guarded = true;
      reserved_bytes_ = max_bytes_32;
      return true;
    }
  }
  // Explicit checks: as much as may ever be needed, or what the host grants of it.
  const uint64_t least = std::max<uint64_t>(platform::round_to_pages(min_bytes), platform::page_size());
  for (uint64_t bytes = std::max(platform::round_to_pages(max_bytes), least);;
       bytes = std::max(bytes / 2, least)) {
    reservation_ = platform::Reservation::reserve(bytes);
    if (reservation_) {
      abi_.base = reservation_.data();
      reserved_bytes_ = reservation_.size();
      return true;
    }
    if (bytes == least) return false;
  }
}

uint64_t LinearMemory::grow(uint64_t delta_pages) {
  constexpr uint64_t refused = ~uint64_t{0};
  const std::lock_guard lock(grow_mutex_);
  const unsigned shift = abi_.page_size_log2;
  const uint64_t old_bytes = abi_.size();
  const uint64_t old_pages = old_bytes >> shift;
  if (delta_pages > abi_.max_pages - old_pages) return refused;
  const uint64_t new_bytes = (old_pages + delta_pages) << shift;
  if (new_bytes > max_bytes_ || new_bytes > reserved_bytes_) return refused;
  const uint64_t committed = platform::round_to_pages(old_bytes);
  const size_t before = static_cast<size_t>(abi_.base - reservation_.data());
  if (!reservation_.commit(before + committed, platform::round_to_pages(new_bytes) - committed))
    return refused;
  abi_.size_bytes.store(new_bytes, std::memory_order_release);
  return old_pages;
}

}  // namespace cloche::runtime
