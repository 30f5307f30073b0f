// A collection: marking from the roots, then turning marks into the new allocation bits.
#include <algorithm>
#include <bit>
#include <cstring>

#include "platform/threads.hpp"
#include "runtime/gc_heap.hpp"

// Conservative scans read whatever words lie on a stack, red zones of a memory checker included.
#if defined(__clang__) || defined(__GNUC__)
#define CLOCHE_READS_ANY_WORD __attribute__((no_sanitize("address", "thread")))
#else
#define CLOCHE_READS_ANY_WORD
#endif

namespace cloche::runtime {
namespace {

/// Elements of an array visited at once; the rest waits on the mark stack.
constexpr uint64_t array_chunk = 512;

bool is_leaf(const abi::Rtt& rtt) {
  switch (rtt.kind) {
    case abi::GcKind::struct_:
      return rtt.ref_count == 0;
    case abi::GcKind::array:
      return !rtt.elem_is_ref;
    case abi::GcKind::exception:
      return false;
    case abi::GcKind::extern_:
    case abi::GcKind::func:
      return true;
  }
  return true;
}

bool test_and_set(uint64_t* bits, uint32_t index) {
  const uint64_t bit = uint64_t{1} << (index % 64);
  const bool was = (bits[index / 64] & bit) != 0;
  bits[index / 64] |= bit;
  return was;
}

}  // namespace

void Marker::mark(abi::Ref ref) {
  if (abi::is_i31(ref) || !heap_.contains(ref)) return;
  heap_.mark_object(abi::as_object(ref));
}

CLOCHE_READS_ANY_WORD void Marker::mark_conservatively(const uint64_t* begin, const uint64_t* end) {
  for (const uint64_t* word = begin; word != end; ++word) {
    const uint64_t value = *word;
    if (!heap_.contains(value)) continue;
    if (abi::GcObject* const object = heap_.object_at(value)) heap_.mark_object(object);
  }
}

abi::GcObject* GcHeap::object_at(uint64_t word) const {
  if (!contains(word)) return nullptr;
  const uint64_t offset = word - reinterpret_cast<uint64_t>(base_);
  uint32_t index = static_cast<uint32_t>(offset >> block_shift);
  const Block& block = blocks_[index];
  if (block.kind == BlockKind::free) return nullptr;
  if (block.kind == BlockKind::small) {
    const uint32_t cell = static_cast<uint32_t>(offset & (block_size - 1)) / block.cell_bytes;
    if (cell >= block.cell_count) return nullptr;
    if (!((block.allocated_bits[cell / 64] >> (cell % 64)) & 1)) return nullptr;
    auto* const object =
        reinterpret_cast<abi::GcObject*>(block_start(index) + static_cast<size_t>(cell) * block.cell_bytes);
    return object->rtt ? object : nullptr;  // cells that the bump pointer has not reached are zero
  }
  if (block.kind == BlockKind::large_tail) index -= block.run_blocks;
  const uint64_t in_object = offset - (static_cast<uint64_t>(index) << block_shift);
  auto* const object = reinterpret_cast<abi::GcObject*>(block_start(index));
  return in_object < blocks_[index].large_bytes && object->rtt ? object : nullptr;
}

void GcHeap::collect() {
  if (!reservation_) return;
  if (!mark_stack_) mark_stack_ = std::make_unique<Work[]>(mark_stack_entries);
  ++collections_;
  clear_marks();
  Marker marker(*this);
  scanner_(scanner_data_, marker);
  drain();
  mark_native_stack();
  drain();
  rescan_blocks();
  finish_marks();
  trim_free_blocks();
}

void GcHeap::mark_native_stack() {
  const auto visit_words = [](void* self, const uintptr_t* begin, const uintptr_t* end) {
    static_assert(sizeof(uintptr_t) == sizeof(uint64_t));
    Marker marker(*static_cast<GcHeap*>(self));
    marker.mark_conservatively(reinterpret_cast<const uint64_t*>(begin),
                               reinterpret_cast<const uint64_t*>(end));
  };
  platform::with_native_stack(native_base_, visit_words, this);
}

/// Marks an object of this heap and queues it when it has references.
void GcHeap::mark_object(abi::GcObject* object) {
  const uint32_t index = block_of(object);
  Block& block = blocks_[index];
  if (block.kind == BlockKind::small) {
    const auto offset = static_cast<uint64_t>(reinterpret_cast<uint8_t*>(object) - block_start(index));
    const auto cell = static_cast<uint32_t>((offset * block.reciprocal) >> 32);
    if (test_and_set(block.mark_bits.get(), cell)) return;
  } else {
    if (block.marked) return;
    block.marked = true;
  }
  if (!is_leaf(*object->rtt)) push(object, 0);
}

void GcHeap::push(abi::GcObject* object, uint64_t next) {
  if (mark_depth_ == mark_stack_entries) {
    blocks_[block_of(object)].rescan = true;
    overflowed_ = true;
    return;
  }
  mark_stack_[mark_depth_++] = {object, next};
}

void GcHeap::drain() {
  while (mark_depth_ != 0) {
    const Work work = mark_stack_[--mark_depth_];
    visit(work);
  }
}

void GcHeap::visit(const Work& work) {
  switch (work.object->rtt->kind) {
    case abi::GcKind::struct_:
      return visit_struct(work.object);
    case abi::GcKind::array:
      return visit_array(work.object, work.next);
    case abi::GcKind::exception:
      return visit_exception(work.object);
    case abi::GcKind::extern_:
    case abi::GcKind::func:
      return;
  }
}

void GcHeap::visit_struct(abi::GcObject* object) {
  Marker marker(*this);
  const abi::Rtt& rtt = *object->rtt;
  for (uint32_t i = 0; i < rtt.ref_count; ++i) {
    abi::Ref ref;
    memcpy(&ref, abi::field_at(object, rtt.ref_offsets[i]), sizeof(ref));
    marker.mark(ref);
  }
}

void GcHeap::visit_array(abi::GcObject* object, uint64_t next) {
  auto* const array = static_cast<abi::ArrayObject*>(object);
  if (!array->rtt->elem_is_ref) return;
  const uint64_t end = std::min<uint64_t>(array->length, next + array_chunk);
  if (end < array->length) push(object, end);
  Marker marker(*this);
  const auto* const refs = reinterpret_cast<const abi::Ref*>(abi::elements(array));
  for (uint64_t i = next; i < end; ++i) marker.mark(refs[i]);
}

void GcHeap::visit_exception(abi::GcObject* object) {
  // The slots' types stand at the tag; numbers among them can only keep garbage alive a little longer.
  auto* const exception = static_cast<abi::ExceptionObject*>(object);
  Marker marker(*this);
  marker.mark_conservatively(exception->slots, exception->slots + exception->slot_count);
}

/// Visits what did not fit on the mark stack, block by block, until everything did.
void GcHeap::rescan_blocks() {
  while (overflowed_) {
    overflowed_ = false;
    for (uint32_t i = 0; i < blocks_.size(); ++i) {
      if (!blocks_[i].rescan) continue;
      blocks_[i].rescan = false;
      rescan_block(blocks_[i], i);
    }
  }
}

void GcHeap::rescan_block(const Block& block, uint32_t index) {
  if (block.kind != BlockKind::small) {
    visit({reinterpret_cast<abi::GcObject*>(block_start(index)), 0});
    return drain();
  }
  for (uint32_t cell = 0; cell < block.cell_count; ++cell) {
    if (!((block.mark_bits[cell / 64] >> (cell % 64)) & 1)) continue;
    visit(
        {reinterpret_cast<abi::GcObject*>(block_start(index) + static_cast<size_t>(cell) * block.cell_bytes),
         0});
    drain();
  }
}

void GcHeap::clear_marks() {
  for (Block& block : blocks_) {
    block.rescan = false;
    block.marked = false;
    if (block.kind == BlockKind::small) memset(block.mark_bits.get(), 0, (block.cell_count + 63) / 64 * 8);
  }
  overflowed_ = false;
}

/// What was marked is what is allocated; blocks without any are free.
void GcHeap::finish_marks() {
  total_bytes_ += used_bytes_;
  used_bytes_ = 0;
  for (uint32_t c = 0; c < class_count; ++c) {
    partial_[c].clear();
    bumps_[c] = Bump{};
  }
  // Downwards, so that the partial lists, which are taken from the back, fill low blocks first.
  for (uint32_t i = static_cast<uint32_t>(blocks_.size()); i-- > 0;) {
    if (blocks_[i].kind == BlockKind::small)
      finish_small(i);
    else if (blocks_[i].kind == BlockKind::large_head && !blocks_[i].marked)
      free_large(i);
    else if (blocks_[i].kind == BlockKind::large_head)
      used_bytes_ += blocks_[i].large_bytes;
  }
  total_bytes_ -= used_bytes_;
  free_hint_ = 0;
  next_collection_ = used_bytes_ + std::max(first_collection_bytes, used_bytes_);
}

void GcHeap::finish_small(uint32_t index) {
  Block& block = blocks_[index];
  std::swap(block.allocated_bits, block.mark_bits);
  block.dirty = true;
  uint32_t live = 0;
  for (uint32_t word = 0; word < (block.cell_count + 63) / 64; ++word)
    live += static_cast<uint32_t>(std::popcount(block.allocated_bits[word]));
  used_bytes_ += static_cast<uint64_t>(live) * block.cell_bytes;
  if (live == 0) {
    block.kind = BlockKind::free;
    block.allocated_bits.reset();
    block.mark_bits.reset();
    ++free_blocks_;
    --blocks_in_use_;
  } else if (live < block.cell_count) {
    partial_[block.size_class].push_back(index);
  }
}

void GcHeap::free_large(uint32_t head) {
  const uint32_t count = blocks_[head].run_blocks;
  for (uint32_t i = head; i < head + count; ++i) {
    blocks_[i].kind = BlockKind::free;
    blocks_[i].dirty = true;
  }
  free_blocks_ += count;
  blocks_in_use_ -= count;
}

/// Gives free memory beyond a reserve back to the host.
void GcHeap::trim_free_blocks() {
  const uint64_t reserve = std::max(first_collection_bytes, used_bytes_ / 2);
  uint64_t kept = 0;
  for (uint32_t i = 0; i < blocks_.size();) {
    const bool idle = blocks_[i].kind == BlockKind::free && blocks_[i].dirty;
    if (!idle || (kept += block_size) <= reserve) {
      ++i;
      continue;
    }
    uint32_t end = i;
    while (end < blocks_.size() && blocks_[end].kind == BlockKind::free && blocks_[end].dirty)
      blocks_[end++].dirty = false;
    reservation_.discard(static_cast<size_t>(i) << block_shift, static_cast<size_t>(end - i) << block_shift);
    i = end;
  }
}

}  // namespace cloche::runtime
