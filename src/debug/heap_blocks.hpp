// The blocks that a program's allocator has handed out and taken back, by address. Knows nothing of machines.
#pragma once

#include <cstdint>
#include <map>

#include "debug/call_path.hpp"
#include "debug/heap_shadow.hpp"

namespace cloche::debug {

struct HeapBlock {
  uint64_t begin = 0;
  uint64_t size = 0;
  uint64_t serial = 0;  // allocations before it
  bool is_free = false;
  const CallPath* allocated = nullptr;  // whoever makes blocks owns these
  const CallPath* freed = nullptr;

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
  void release(HeapBlock& block, const CallPath* by);
  /// Gives it another size, which must not reach into the next block.
  void resize(HeapBlock& block, uint64_t size);

  const std::map<uint64_t, HeapBlock>& all() const { return blocks_; }
  /// The addresses between which blocks ever lay.
  uint64_t lowest() const { return lowest_; }
  uint64_t highest() const { return highest_; }

  /// Which bytes belong to live blocks, and which are near them.
  HeapShadow& shadow() { return shadow_; }
  /// Below the lowest block lies what is no heap, above the highest what the program may use without an
  /// allocator: only so many bytes there are the blocks' surroundings.
  static constexpr uint64_t before_lowest = 8, behind_highest = 256;

  uint64_t live_bytes() const { return live_bytes_; }
  uint64_t live_blocks() const { return live_blocks_; }

 private:
  void forget(const HeapBlock& block);
  void cover(uint64_t begin, uint64_t end);

  std::map<uint64_t, HeapBlock> blocks_;
  HeapShadow shadow_;
  uint64_t lowest_ = ~uint64_t{0};
  uint64_t highest_ = 0;
  uint64_t live_bytes_ = 0;
  uint64_t live_blocks_ = 0;
};

}  // namespace cloche::debug
