// The garbage-collected heap of one store: non-moving, mark and reuse.
//
// Memory is one reservation cut into blocks of 64 KiB. A small block holds cells of one size; an object
// larger than half a block takes a run of whole blocks. Each block has two bitmaps beside the heap: which
// cells are allocated, and which the running collection has reached. When a collection ends the second
// becomes the first, so garbage is never touched: allocation looks for runs of clear bits, zeroes a run when
// it takes it, and bumps a pointer through it.
//
// Objects are scanned precisely by their Rtt. Stacks are scanned conservatively: any word that points into an
// allocated cell, also into its middle, keeps the object. Marking uses an explicit stack of fixed size; when
// that is full the object's block is noted and rescanned later, so depth and width of the object graph cost
// no memory.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "abi/gc_object.hpp"
#include "platform/pages.hpp"

namespace cloche::runtime {

class GcHeap;

/// Handed to the root scanner during a collection.
class Marker {
 public:
  /// An exact reference of the any, extern or exn hierarchy: null, i31 or an object. Function references are
  /// harmless.
  void mark(abi::Ref ref);
  /// Words that may or may not be references, possibly to the middle of an object.
  void mark_conservatively(const uint64_t* begin, const uint64_t* end);

 private:
  friend class GcHeap;
  explicit Marker(GcHeap& heap) : heap_(heap) {}
  GcHeap& heap_;
};

class GcHeap {
 public:
  struct Options {
    uint64_t limit_bytes = uint64_t{4} << 30;  // of blocks in use
    bool stress = false;                       // collect at every allocation
  };
  /// Marks every root of the store except the native stack, which the heap scans itself.
  using RootScanner = void (*)(void* data, Marker& marker);

  GcHeap(const Options& options, RootScanner scanner, void* scanner_data);
  GcHeap(const GcHeap&) = delete;
  GcHeap& operator=(const GcHeap&) = delete;
  ~GcHeap();

  /// New objects with header set and everything else zero; null when the heap is full. Each may collect:
  /// every live reference must be where the scanner or the native stack shows it.
  abi::StructObject* new_struct(const abi::Rtt* rtt);
  abi::ArrayObject* new_array(const abi::Rtt* rtt, uint32_t length);
  abi::ExceptionObject* new_exception(abi::Tag* tag, uint32_t slot_count);
  abi::ExternObject* new_extern(uint64_t payload);

  /// Collects now.
  void collect();

  /// Where the conservative scan of the native stack ends: an address in the frame through which the host
  /// entered. Null: scan the whole stack of the thread. The previous value.
  const void* set_native_base(const void* base) {
    const void* const before = native_base_;
    native_base_ = base;
    return before;
  }

  /// Bytes in allocated cells: live after the last collection plus taken since.
  uint64_t used_bytes() const { return used_bytes_; }
  /// Bytes of blocks that hold objects.
  uint64_t block_bytes() const { return static_cast<uint64_t>(blocks_in_use_) * block_size; }
  /// Bytes allocated since the heap was made.
  uint64_t total_bytes() const { return total_bytes_ + used_bytes_; }
  uint64_t collections() const { return collections_; }
  /// The object that a word points to or into, or null. What the conservative scan sees.
  abi::GcObject* object_at(uint64_t word) const;

 private:
  friend class Marker;
  static constexpr uint32_t block_shift = 16;
  static constexpr uint32_t block_size = 1u << block_shift;
  static constexpr uint32_t cell_align = 16;
  static constexpr uint32_t bitmap_words = block_size / cell_align / 64;
  static constexpr uint32_t large_threshold = block_size / 2;
  static constexpr uint32_t class_count = 52;
  static constexpr uint32_t mark_stack_entries = 1u << 16;
  static constexpr uint64_t first_collection_bytes = uint64_t{16} << 20;

  enum class BlockKind : uint8_t { free, small, large_head, large_tail };

  /// What stands beside the heap for each block.
  struct Block {
    BlockKind kind = BlockKind::free;
    uint8_t size_class = 0;
    bool dirty = false;   // free: holds old bytes; otherwise zeros
    bool rescan = false;  // holds marked objects whose fields were not visited
    bool marked = false;  // large_head: reached by the running collection
    uint32_t cell_bytes = 0;
    uint32_t cell_count = 0;
    uint32_t reciprocal = 0;  // ceil(2^32 / cell_bytes)
    uint32_t run_blocks = 0;  // large_head: blocks in the run; large_tail: distance to the head
    uint64_t large_bytes = 0;
    std::unique_ptr<uint64_t[]> allocated_bits;
    std::unique_ptr<uint64_t[]> mark_bits;
  };

  /// Where the next small object of a size goes.
  struct Bump {
    uint8_t* cursor = nullptr;
    uint8_t* limit = nullptr;
    uint32_t block = ~0u;     // being filled
    uint32_t next_cell = 0;   // search goes on there
    size_t next_partial = 0;  // in partial_[class]
  };

  /// An object whose references must be visited from element `next` on.
  struct Work {
    abi::GcObject* object;
    uint64_t next;
  };

  uint8_t* allocate(uint64_t bytes);
  uint8_t* allocate_small(uint32_t size_class);
  uint8_t* allocate_large(uint64_t bytes);
  bool refill(uint32_t size_class);
  bool take_run(Bump& bump);
  bool take_partial_block(uint32_t size_class);
  bool take_fresh_block(uint32_t size_class);
  uint32_t take_blocks(uint32_t count);
  uint32_t find_free_run(uint32_t from, uint32_t to, uint32_t count) const;
  bool extend(uint32_t count);
  bool ensure_reserved();
  bool collect_when_full();

  void mark_native_stack();
  void mark_object(abi::GcObject* object);
  void push(abi::GcObject* object, uint64_t next);
  void drain();
  void visit(const Work& work);
  void visit_struct(abi::GcObject* object);
  void visit_array(abi::GcObject* object, uint64_t next);
  void visit_exception(abi::GcObject* object);
  void rescan_blocks();
  void rescan_block(const Block& block, uint32_t index);
  void clear_marks();
  void finish_marks();
  void finish_small(uint32_t index);
  void free_large(uint32_t head);
  void trim_free_blocks();

  uint32_t block_of(const void* address) const {
    return static_cast<uint32_t>(static_cast<size_t>(static_cast<const uint8_t*>(address) - base_) >>
                                 block_shift);
  }
  uint8_t* block_start(uint32_t index) const { return base_ + (static_cast<size_t>(index) << block_shift); }
  bool contains(uint64_t word) const { return word - reinterpret_cast<uint64_t>(base_) < used_end_; }

  Options options_;
  RootScanner scanner_;
  void* scanner_data_;
  platform::Reservation reservation_;
  uint8_t* base_ = nullptr;
  uint64_t used_end_ = 0;  // bytes from base_ to the end of the highest block ever used
  uint32_t block_limit_ = 0;
  uint32_t blocks_in_use_ = 0;
  uint32_t free_blocks_ = 0;  // below used_end_
  uint32_t free_hint_ = 0;    // the search for free blocks begins there
  uint64_t committed_ = 0;    // bytes from base_ on
  std::vector<Block> blocks_;
  std::vector<uint32_t> partial_[class_count];
  Bump bumps_[class_count];

  std::unique_ptr<Work[]> mark_stack_;
  uint32_t mark_depth_ = 0;
  bool overflowed_ = false;
  const void* native_base_ = nullptr;

  uint64_t used_bytes_ = 0;
  uint64_t total_bytes_ = 0;  // freed so far
  uint64_t next_collection_ = first_collection_bytes;
  uint64_t exhausted_at_ = 0;  // total_bytes() when a collection last ran because the heap was full
  uint64_t collections_ = 0;
};

}  // namespace cloche::runtime
