// A map of the heap that says of each granule of 8 bytes how much of it the program may touch: what lets the
// interpreter pass most accesses without asking the heap checker. Errs towards asking.
#pragma once

#include <cstdint>
#include <vector>

#include "interp/probe_filter.hpp"

namespace cloche::debug {

class HeapShadow {
 public:
  HeapShadow() = default;
  ~HeapShadow();
  HeapShadow(const HeapShadow&) = delete;
  HeapShadow& operator=(const HeapShadow&) = delete;

  /// The heap: accesses that begin outside of [begin, end) are nobody's business. It only ever grows. At most
  /// `most_bytes` of it are mapped: above them, all pass. One byte of map is kept for 8 bytes of blocks.
  void cover(uint64_t begin, uint64_t end);
  static constexpr uint64_t most_bytes = uint64_t{1} << 37;

  /// The bytes of [begin, end) may be touched from now on, or not any more.
  void open(uint64_t begin, uint64_t end);
  void shut(uint64_t begin, uint64_t end);

  /// While the allocator itself is at work everything passes.
  void suspend() {
    is_suspended_ = true;
    filter_.span = 0;
  }
  void resume() {
    is_suspended_ = false;
    filter_.span = span_;
  }

  /// The memory that this is about, and the exits to be told of, are the owner's to fill in.
  interp::ProbeFilter& filter() { return filter_; }

 private:
  using Page = interp::ProbeFilter::Page;
  /// Granules from that of `begin` to before that of `end`.
  void fill(uint64_t begin, uint64_t end, uint8_t open_bytes);
  void fill_page(const Page*& page, uint64_t from, uint64_t to, uint8_t open_bytes);
  void release(const Page* page);

  interp::ProbeFilter filter_;
  uint64_t span_ = 0;
  bool is_suspended_ = false;
  std::vector<const Page*> pages_;  // null: shut; all_open() is shared
};

}  // namespace cloche::debug
