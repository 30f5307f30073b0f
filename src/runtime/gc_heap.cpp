// Allocation in the collected heap; gc_mark.cpp holds the collection.
#include "runtime/gc_heap.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/assert.hpp"
#include "runtime/rtt_registry.hpp"

namespace cloche::runtime {

const abi::Rtt exception_rtt = {.canonical_type = ~0u, .kind = abi::GcKind::exception};
const abi::Rtt extern_rtt = {.canonical_type = ~0u, .kind = abi::GcKind::extern_};

namespace {

/// Cell sizes: every 16 bytes up to 512, then steps that leave little of a block unused.
constexpr auto cell_sizes = [] {
  std::array<uint32_t, 52> sizes{};
  for (uint32_t i = 0; i < 32; ++i) sizes[i] = (i + 1) * 16;
  constexpr uint32_t larger[] = {640,  768,  896,  1024, 1280, 1536, 1792,  2048,  2560,  3072,
                                 3584, 4096, 5456, 6544, 8192, 9360, 10912, 16384, 21840, 32768};
  for (uint32_t i = 0; i < std::size(larger); ++i) sizes[32 + i] = larger[i];
  return sizes;
}();

uint32_t size_class_of(uint64_t bytes) {
  if (bytes <= 512) return static_cast<uint32_t>((bytes + 15) / 16 - 1);
  const auto at = std::lower_bound(cell_sizes.begin() + 32, cell_sizes.end(), bytes);
  return static_cast<uint32_t>(at - cell_sizes.begin());
}

constexpr uint64_t max_reservation_bytes = uint64_t{64} << 30;
constexpr uint64_t min_reservation_bytes = uint64_t{1} << 20;
constexpr uint64_t commit_step_bytes = uint64_t{1} << 20;

/// Index of the first clear bit in [from, count), or count.
uint32_t next_clear(const uint64_t* bits, uint32_t from, uint32_t count) {
  while (from < count) {
    const uint64_t clear = ~bits[from / 64] >> (from % 64);
    if (clear) return std::min(count, from + static_cast<uint32_t>(std::countr_zero(clear)));
    from = (from / 64 + 1) * 64;
  }
  return count;
}

uint32_t next_set(const uint64_t* bits, uint32_t from, uint32_t count) {
  while (from < count) {
    const uint64_t set = bits[from / 64] >> (from % 64);
    if (set) return std::min(count, from + static_cast<uint32_t>(std::countr_zero(set)));
    from = (from / 64 + 1) * 64;
  }
  return count;
}

void set_bits(uint64_t* bits, uint32_t from, uint32_t to) {
  for (uint32_t word = from / 64; word * 64 < to; ++word) {
    const uint32_t low = std::max(from, word * 64) - word * 64;
    const uint32_t high = std::min(to, word * 64 + 64) - word * 64;
    bits[word] |= (~uint64_t{0} >> (64 - (high - low))) << low;
  }
}

}  // namespace

GcHeap::GcHeap(const Options& options, RootScanner scanner, void* scanner_data)
    : options_(options), scanner_(scanner), scanner_data_(scanner_data) {}

GcHeap::~GcHeap() = default;

abi::StructObject* GcHeap::new_struct(const abi::Rtt* rtt) {
  auto* const object = reinterpret_cast<abi::StructObject*>(allocate(rtt->size_bytes));
  if (object) object->rtt = rtt;
  return object;
}

abi::ArrayObject* GcHeap::new_array(const abi::Rtt* rtt, uint32_t length) {
  const uint64_t bytes = abi::array_data_offset + static_cast<uint64_t>(length) * rtt->elem_bytes;
  auto* const array = reinterpret_cast<abi::ArrayObject*>(allocate(bytes));
  if (!array) return nullptr;
  array->rtt = rtt;
  array->length = length;
  return array;
}

abi::ExceptionObject* GcHeap::new_exception(abi::Tag* tag, uint32_t slot_count) {
  const uint64_t bytes = sizeof(abi::ExceptionObject) + sizeof(abi::Slot) * static_cast<uint64_t>(slot_count);
  auto* const exception = reinterpret_cast<abi::ExceptionObject*>(allocate(bytes));
  if (!exception) return nullptr;
  exception->rtt = &exception_rtt;
  exception->tag = tag;
  exception->slot_count = slot_count;
  return exception;
}

abi::ExternObject* GcHeap::new_extern(uint64_t payload) {
  auto* const object = reinterpret_cast<abi::ExternObject*>(allocate(sizeof(abi::ExternObject)));
  if (!object) return nullptr;
  object->rtt = &extern_rtt;
  object->payload = payload;
  return object;
}

uint8_t* GcHeap::allocate(uint64_t bytes) {
  if (options_.stress) collect();
  return bytes <= large_threshold ? allocate_small(size_class_of(bytes)) : allocate_large(bytes);
}

uint8_t* GcHeap::allocate_small(uint32_t size_class) {
  Bump& bump = bumps_[size_class];
  if (bump.cursor == bump.limit && !refill(size_class)) return nullptr;
  uint8_t* const cell = bump.cursor;
  bump.cursor += cell_sizes[size_class];
  return cell;
}

/// Finds the next run of free cells for a size, collecting when it is time to.
bool GcHeap::refill(uint32_t size_class) {
  if (used_bytes_ >= next_collection_) collect();
  const auto try_all = [&] {
    return take_run(bumps_[size_class]) || take_partial_block(size_class) || take_fresh_block(size_class);
  };
  return try_all() || (collect_when_full() && try_all());
}

/// The last resort. False when the last one freed next to nothing, so that a full heap ends in a trap soon,
/// not in a collection for each object.
bool GcHeap::collect_when_full() {
  if (!reservation_) return false;
  const uint64_t enough = static_cast<uint64_t>(block_limit_) * block_size / 64;
  if (exhausted_at_ != 0 && total_bytes() - exhausted_at_ < enough) return false;
  collect();
  exhausted_at_ = total_bytes();
  return true;
}

/// Takes the next run of free cells of the block being filled.
bool GcHeap::take_run(Bump& bump) {
  if (bump.block == ~0u) return false;
  Block& block = blocks_[bump.block];
  const uint32_t first = next_clear(block.allocated_bits.get(), bump.next_cell, block.cell_count);
  if (first == block.cell_count) {
    bump.block = ~0u;
    return false;
  }
  const uint32_t end = next_set(block.allocated_bits.get(), first, block.cell_count);
  set_bits(block.allocated_bits.get(), first, end);
  bump.next_cell = end;
  bump.cursor = block_start(bump.block) + static_cast<size_t>(first) * block.cell_bytes;
  const size_t bytes = static_cast<size_t>(end - first) * block.cell_bytes;
  bump.limit = bump.cursor + bytes;
  if (block.dirty) memset(bump.cursor, 0, bytes);
  used_bytes_ += bytes;
  return true;
}

bool GcHeap::take_partial_block(uint32_t size_class) {
  std::vector<uint32_t>& partial = partial_[size_class];
  Bump& bump = bumps_[size_class];
  while (!partial.empty()) {
    bump.block = partial.back();
    bump.next_cell = 0;
    partial.pop_back();
    if (take_run(bump)) return true;
  }
  return false;
}

bool GcHeap::take_fresh_block(uint32_t size_class) {
  const uint32_t index = take_blocks(1);
  if (index == ~0u) return false;
  Block& block = blocks_[index];
  const uint32_t cell = cell_sizes[size_class];
  block.kind = BlockKind::small;
  block.size_class = static_cast<uint8_t>(size_class);
  block.cell_bytes = cell;
  block.cell_count = block_size / cell;
  block.reciprocal = static_cast<uint32_t>(((uint64_t{1} << 32) + cell - 1) / cell);
  const uint32_t words = (block.cell_count + 63) / 64;
  block.allocated_bits = std::make_unique<uint64_t[]>(words);
  block.mark_bits = std::make_unique<uint64_t[]>(words);
  Bump& bump = bumps_[size_class];
  bump.block = index;
  bump.next_cell = 0;
  return take_run(bump);
}

uint8_t* GcHeap::allocate_large(uint64_t bytes) {
  if (bytes > options_.limit_bytes || bytes > max_reservation_bytes) return nullptr;
  const uint32_t count = static_cast<uint32_t>((bytes + block_size - 1) >> block_shift);
  if (used_bytes_ + bytes >= next_collection_ && used_bytes_ > next_collection_ / 2) collect();
  uint32_t head = take_blocks(count);
  if (head == ~0u && collect_when_full()) head = take_blocks(count);
  if (head == ~0u) return nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    Block& block = blocks_[head + i];
    if (block.dirty) {
      const uint64_t offset = static_cast<uint64_t>(i) << block_shift;
      memset(block_start(head + i), 0, std::min<uint64_t>(block_size, bytes - offset));
    }
    block.kind = BlockKind::large_tail;
    block.run_blocks = i;
  }
  Block& first = blocks_[head];
  first.kind = BlockKind::large_head;
  first.run_blocks = count;
  first.large_bytes = bytes;
  first.marked = false;
  used_bytes_ += bytes;
  return block_start(head);
}

/// Takes `count` neighbouring blocks off the free ones, or from new ground. ~0 when the limit is reached.
uint32_t GcHeap::take_blocks(uint32_t count) {
  if (!ensure_reserved() || count > block_limit_ - std::min(block_limit_, blocks_in_use_)) return ~0u;
  uint32_t head = ~0u;
  if (free_blocks_ >= count) {
    const auto total = static_cast<uint32_t>(blocks_.size());
    head = find_free_run(free_hint_, total, count);
    if (head == ~0u) head = find_free_run(0, std::min(total, free_hint_ + count), count);
  }
  if (head == ~0u) {
    head = static_cast<uint32_t>(blocks_.size());
    if (!extend(count)) return ~0u;
  }
  free_hint_ = head + count;
  free_blocks_ -= count;
  blocks_in_use_ += count;
  return head;
}

uint32_t GcHeap::find_free_run(uint32_t from, uint32_t to, uint32_t count) const {
  uint32_t run = 0;
  for (uint32_t i = from; i < to; ++i) {
    run = blocks_[i].kind == BlockKind::free ? run + 1 : 0;
    if (run == count) return i + 1 - count;
  }
  return ~0u;
}

bool GcHeap::extend(uint32_t count) {
  const uint64_t total = blocks_.size() + uint64_t{count};
  const uint64_t bytes = total << block_shift;
  if (bytes > reservation_.size()) return false;
  if (bytes > committed_) {
    const uint64_t step =
        (bytes - committed_ + commit_step_bytes - 1) / commit_step_bytes * commit_step_bytes;
    const uint64_t more = std::min(step, reservation_.size() - committed_);
    if (!reservation_.commit(committed_, more)) return false;
    committed_ += more;
  }
  blocks_.resize(total);
  free_blocks_ += count;
  used_end_ = bytes;
  return true;
}

/// Reserves the heap's address space at the first allocation: as much as the limit, or what the host grants.
bool GcHeap::ensure_reserved() {
  if (reservation_) return true;
  uint64_t bytes = std::clamp(options_.limit_bytes, min_reservation_bytes, max_reservation_bytes);
  bytes = (bytes + commit_step_bytes - 1) / commit_step_bytes * commit_step_bytes;
  const uint64_t limit_blocks = std::min(options_.limit_bytes, max_reservation_bytes) >> block_shift;
  // Half as much again in address space, so that holes between blocks do not end the heap before its limit.
  for (uint64_t size = bytes + bytes / 2 / commit_step_bytes * commit_step_bytes;
       size >= min_reservation_bytes; size = size / 2 / commit_step_bytes * commit_step_bytes) {
    reservation_ = platform::Reservation::reserve(size);
    if (!reservation_) continue;
    base_ = reservation_.data();
    block_limit_ = static_cast<uint32_t>(std::min(limit_blocks, size >> block_shift));
    return true;
  }
  return false;
}

}  // namespace cloche::runtime
