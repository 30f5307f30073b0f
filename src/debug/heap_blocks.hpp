// The blocks that a program's allocator has handed out and taken back, by address. Knows nothing of machines.
#pragma once

#include <cstdint>
#include <map>

#include "debug/call_path.hpp"

namespace cloche::debug {

struct HeapBlock {
  uint64_t begin = 0;
  uint64_t size = 0;
  uint64_t serial = 0;  // allocations before it
  bool is_free = false;
  CallPath allocated;
  CallPath freed;

  uint64_t end() const { return begin + size; }
};

/// Live blocks, and freed ones until their addresses are handed out again.
class HeapBlocks {
 public:
  /// A new block. Freed blocks that it overlaps are forgotten.
  void add(HeapBlock block);
  /// The block that begins at an address, or null.
  HeapBlock* at(uint64_t begin);
  /// The block with the highest beginning not above the address, or null.
  const HeapBlock* below(uint64_t address) const;
  /// Marks it as freed.
  void release(HeapBlock& block, const CallPath& by);

  const std::map<uint64_t, HeapBlock>& all() const { return blocks_; }
  /// The addresses between which blocks ever lay.
  uint64_t lowest() const { return lowest_; }
  uint64_t highest() const { return highest_; }

  uint64_t live_bytes() const { return live_bytes_; }
  uint64_t live_blocks() const { return live_blocks_; }

 private:
  std::map<uint64_t, HeapBlock> blocks_;
  uint64_t lowest_ = ~uint64_t{0};
  uint64_t highest_ = 0;
  uint64_t live_bytes_ = 0;
  uint64_t live_blocks_ = 0;
};

}  // namespace cloche::debug
