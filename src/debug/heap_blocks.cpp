#include "debug/heap_blocks.hpp"

#include <algorithm>

namespace cloche::debug {

void HeapBlocks::add(HeapBlock block) {
  const uint64_t end = block.begin + std::max<uint64_t>(block.size, 1);
  auto at = blocks_.lower_bound(block.begin);
  if (at != blocks_.begin() && std::prev(at)->second.end() > block.begin) --at;
  while (at != blocks_.end() && at->second.begin < end) {
    if (!at->second.is_free) {
      live_bytes_ -= at->second.size;
      --live_blocks_;
    }
    at = blocks_.erase(at);
  }
  lowest_ = std::min(lowest_, block.begin);
  highest_ = std::max(highest_, end);
  live_bytes_ += block.size;
  ++live_blocks_;
  blocks_.insert({block.begin, std::move(block)});
}

HeapBlock* HeapBlocks::at(uint64_t begin) {
  const auto found = blocks_.find(begin);
  return found == blocks_.end() ? nullptr : &found->second;
}

const HeapBlock* HeapBlocks::below(uint64_t address) const {
  auto at = blocks_.upper_bound(address);
  return at == blocks_.begin() ? nullptr : &std::prev(at)->second;
}

void HeapBlocks::release(HeapBlock& block, const CallPath& by) {
  block.is_free = true;
  block.freed = by;
  live_bytes_ -= block.size;
  --live_blocks_;
}

}  // namespace cloche::debug
