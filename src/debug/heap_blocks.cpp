#include "debug/heap_blocks.hpp"

#include <algorithm>

namespace cloche::debug {
namespace {

/// The longest access, less one: it may begin so far before the bytes that it touches.
constexpr uint64_t reach = 15;

}  // namespace

void HeapBlocks::add(HeapBlock block) {
  const uint64_t end = block.begin + std::max<uint64_t>(block.size, 1);
  auto at = blocks_.lower_bound(block.begin);
  if (at != blocks_.begin() && std::prev(at)->second.end() > block.begin) --at;
  while (at != blocks_.end() && at->second.begin < end) {
    forget(at->second);
    at = blocks_.erase(at);
  }
  cover(block.begin, end);
  shadow_.open(block.begin, block.end());
  live_bytes_ += block.size;
  ++live_blocks_;
  blocks_.insert({block.begin, block});
}

void HeapBlocks::forget(const HeapBlock& block) {
  if (block.is_free) return;
  live_bytes_ -= block.size;
  --live_blocks_;
  shadow_.shut(block.begin, block.end());
}

/// Makes [begin, end) part of the heap.
void HeapBlocks::cover(uint64_t begin, uint64_t end) {
  if (begin >= lowest_ && end <= highest_) return;
  lowest_ = std::min(lowest_, begin);
  highest_ = std::max(highest_, end);
  shadow_.cover(lowest_ - std::min(lowest_, before_lowest + reach), highest_ + behind_highest);
}

HeapBlock* HeapBlocks::at(uint64_t begin) {
  const auto found = blocks_.find(begin);
  return found == blocks_.end() ? nullptr : &found->second;
}

const HeapBlock* HeapBlocks::below(uint64_t address) const {
  auto at = blocks_.upper_bound(address);
  return at == blocks_.begin() ? nullptr : &std::prev(at)->second;
}

void HeapBlocks::release(HeapBlock& block, const CallPath* by) {
  block.is_free = true;
  block.freed = by;
  live_bytes_ -= block.size;
  --live_blocks_;
  shadow_.shut(block.begin, block.end());
}

void HeapBlocks::resize(HeapBlock& block, uint64_t size) {
  shadow_.shut(block.begin, block.end());
  live_bytes_ += size - block.size;
  block.size = size;
  cover(block.begin, block.end());
  shadow_.open(block.begin, block.end());
}

}  // namespace cloche::debug
