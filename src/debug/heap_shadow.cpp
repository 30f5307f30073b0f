#include "debug/heap_shadow.hpp"

#include <algorithm>

namespace cloche::debug {
namespace {

using interp::ProbeFilter;

constexpr uint64_t granule = ProbeFilter::granule;
constexpr uint64_t page_bytes = uint64_t{1} << ProbeFilter::page_bits;

ProbeFilter::Page filled(uint8_t open_bytes) {
  ProbeFilter::Page page;
  page.fill(open_bytes);
  return page;
}

/// What every page of the map that is wholly inside a block refers to.
const ProbeFilter::Page& all_open() {
  static const ProbeFilter::Page page = filled(granule);
  return page;
}

uint64_t up(uint64_t address) { return (address + granule - 1) / granule * granule; }
uint64_t down(uint64_t address) { return address / granule * granule; }

}  // namespace

HeapShadow::~HeapShadow() {
  for (const Page* page : pages_) release(page);
}

void HeapShadow::release(const Page* page) {
  if (page != &all_open()) delete page;
}

void HeapShadow::cover(uint64_t begin, uint64_t end) {
  const uint64_t old_end = filter_.begin + span_;
  if (span_ == 0) {
    filter_.begin = begin;
  } else if (begin < filter_.begin) {
    const uint64_t more = (filter_.begin >> ProbeFilter::page_bits) - (begin >> ProbeFilter::page_bits);
    pages_.insert(pages_.begin(), std::min(more, most_bytes / page_bytes), nullptr);
    filter_.begin = begin;
  }
  span_ = std::min(std::max(end, old_end) - filter_.begin, most_bytes);
  const uint64_t last = filter_.begin + span_ - 1;
  const size_t count = (last >> ProbeFilter::page_bits) - (filter_.begin >> ProbeFilter::page_bits) + 1;
  for (size_t i = count; i < pages_.size(); ++i) release(pages_[i]);
  pages_.resize(count);
  filter_.pages = pages_.data();
  filter_.span = is_suspended_ ? 0 : span_;
}

void HeapShadow::open(uint64_t begin, uint64_t end) {
  const uint64_t first = up(begin), rest = down(end);
  if (first < rest) fill(first, rest, granule);
  if (rest >= first && end > rest) fill(rest, rest + granule, static_cast<uint8_t>(end - rest));
}

void HeapShadow::shut(uint64_t begin, uint64_t end) { fill(down(begin), up(end), 0); }

void HeapShadow::fill(uint64_t begin, uint64_t end, uint8_t open_bytes) {
  begin = std::max(begin, down(filter_.begin));
  end = std::min(end, filter_.begin + span_);
  const uint64_t first_page = filter_.begin >> ProbeFilter::page_bits;
  while (begin < end) {
    const uint64_t page = begin >> ProbeFilter::page_bits;
    const uint64_t next = std::min(end, (page + 1) << ProbeFilter::page_bits);
    const uint64_t base = page << ProbeFilter::page_bits;
    fill_page(pages_[page - first_page], (begin - base) / granule, (next - base + granule - 1) / granule,
              open_bytes);
    begin = next;
  }
}

void HeapShadow::fill_page(const Page*& page, uint64_t from, uint64_t to, uint8_t open_bytes) {
  const bool is_whole = from == 0 && to == ProbeFilter::page_granules;
  if (is_whole && (open_bytes == 0 || open_bytes == granule)) {
    release(page);
    page = open_bytes == 0 ? nullptr : &all_open();
    return;
  }
  if (!page || page == &all_open()) {
    if (open_bytes == (page ? granule : 0)) return;
    page = new Page(page ? *page : filled(0));
  }
  Page& own = const_cast<Page&>(*page);
  std::fill(own.begin() + static_cast<ptrdiff_t>(from), own.begin() + static_cast<ptrdiff_t>(to), open_bytes);
}

}  // namespace cloche::debug
