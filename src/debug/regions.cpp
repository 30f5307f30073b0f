#include "debug/regions.hpp"

#include <algorithm>
#include <array>

#include "text/text_writer.hpp"

namespace cloche::debug {
namespace {

using symbols::Names;
using symbols::Space;

/// Claims parts of a memory, the surest first; later claims get what is left.
class Claims {
 public:
  explicit Claims(uint64_t size_bytes) : size_(size_bytes) {}

  void claim(Region region) {
    region.end = std::min(region.end, size_);
    const auto first = std::lower_bound(regions_.begin(), regions_.end(), region.begin,
                                        [](const Region& item, uint64_t at) { return item.end <= at; });
    // Every gap of the claimed range becomes a region of its own.
    std::vector<Region> pieces;
    auto at = first;
    for (uint64_t begin = region.begin; begin < region.end;) {
      const bool behind_all = at == regions_.end() || at->begin >= region.end;
      const uint64_t end = behind_all ? region.end : std::max(begin, at->begin);
      if (end > begin) {
        Region piece = region;
        piece.begin = begin;
        piece.end = end;
        pieces.push_back(std::move(piece));
      }
      if (behind_all) break;
      begin = at->end;
      ++at;
    }
    regions_.insert(first, pieces.begin(), pieces.end());
    std::sort(regions_.begin(), regions_.end(),
              [](const Region& a, const Region& b) { return a.begin < b.begin; });
  }

  /// Claims are in order of address already: all at once, in linear time.
  void claim_in_order(std::vector<Region> regions) {
    uint64_t end = 0;
    for (Region& region : regions) {
      region.begin = std::max(region.begin, end);
      region.end = std::min(region.end, size_);
      if (region.begin >= region.end) continue;
      end = region.end;
      regions_.push_back(std::move(region));
    }
  }

  std::vector<Region> take() {
    std::vector<Region> all;
    uint64_t end = 0;
    for (Region& region : regions_) {
      if (region.begin > end)
        all.push_back({RegionKind::unclaimed, end, region.begin, {}, Certainty::derived, {}});
      end = region.end;
      all.push_back(std::move(region));
    }
    if (end < size_) all.push_back({RegionKind::unclaimed, end, size_, {}, Certainty::derived, {}});
    return all;
  }

 private:
  uint64_t size_;
  std::vector<Region> regions_;
};

uint64_t bytes_of(uint64_t pages, uint64_t page_bytes) {
  return pages > ~uint64_t{0} / page_bytes ? ~uint64_t{0} : pages * page_bytes;
}

/// As the text format writes it, so that no name can harm a terminal.
std::string segment_name(const Names& names, uint32_t index) {
  const symbols::Name name = names.find(Space::data, index);
  if (name.text.empty()) return "segment " + std::to_string(index);
  std::string text;
  text::put_identifier(text, name.text);
  return text.substr(1);
}

class Layout {
 public:
  Layout(const wasm::Module& module, const Names& names, MemoryLayout& layout)
      : module_(module), names_(names), values_(module), layout_(layout), claims_(layout.size_bytes) {}

  void find() {
    extents_ = data_extents(module_, values_, layout_.memory);
    if (layout_.memory == 0) layout_.stack = find_shadow_stack(module_, names_, values_);
    if (layout_.memory == 0) layout_.heap_base = find_linker_symbol(module_, names_, values_, "__heap_base");
    claim_data();
    claim_stack();
    claim_zeroed_data();
    claim_null_page();
    claim_heap();
    layout_.regions = claims_.take();
  }

 private:
  void claim_data() {
    std::vector<Region> regions;
    for (const DataExtent& data : extents_)
      regions.push_back({RegionKind::data, data.begin, data.end, segment_name(names_, data.index),
                         Certainty::stated, "data segment"});
    claims_.claim_in_order(std::move(regions));
  }

  void claim_stack() {
    const auto& stack = layout_.stack;
    if (!stack || !stack->low || !stack->high || stack->low->address >= stack->high->address) return;
    const Certainty limits = std::max(stack->low->certainty, stack->high->certainty);
    claims_.claim(
        {RegionKind::stack,
         stack->low->address,
         stack->high->address,
         {},
         std::max(limits, stack->certainty),
         "pointer: " + stack->reason + "; low: " + stack->low->reason + "; high: " + stack->high->reason});
  }

  /// Linkers put zeroed data behind the last segment, and leave its end under a name at best.
  void claim_zeroed_data() {
    if (layout_.memory != 0 || extents_.empty()) return;
    const uint64_t begin = data_end();
    const auto stated = find_linker_symbol(module_, names_, values_, "__data_end");
    if (stated && stated->address > begin)
      claims_.claim(
          {RegionKind::data, begin, stated->address, "zeroed data", Certainty::stated, stated->reason});
  }

  /// Nothing below the first thing: only when that is where linkers begin, or less than a page away.
  void claim_null_page() {
    constexpr uint64_t largest_null_page = 65536;
    if (layout_.memory != 0) return;
    uint64_t first = ~uint64_t{0};
    for (const DataExtent& data : extents_) first = std::min(first, data.begin);
    if (const auto& stack = layout_.stack; stack && stack->low) first = std::min(first, stack->low->address);
    if (layout_.heap_base) first = std::min(first, layout_.heap_base->address);
    if (first != 0 && first <= largest_null_page)
      claims_.claim({RegionKind::null_page,
                     0,
                     first,
                     {},
                     Certainty::derived,
                     "nothing is placed below " + std::to_string(first)});
  }

  void claim_heap() {
    if (layout_.memory != 0) return;
    if (!layout_.heap_base) derive_heap_base();
    if (!layout_.heap_base) return;
    auto end = find_linker_symbol(module_, names_, values_, "__heap_end");
    // The heap goes on in what memory.grow adds, so the stated end is only its first one.
    const uint64_t last =
        end && layout_.size_bytes == layout_.initial_bytes ? end->address : layout_.size_bytes;
    claims_.claim({RegionKind::heap,
                   layout_.heap_base->address,
                   last,
                   {},
                   layout_.heap_base->certainty,
                   layout_.heap_base->reason});
  }

  /// Without a name: behind the stack, or behind the data where that comes last. Only modules with a stack
  /// are laid out by such a linker.
  void derive_heap_base() {
    if (!layout_.stack || !layout_.stack->high) return;
    const uint64_t stack_end = layout_.stack->high->address;
    uint64_t base = std::max(stack_end, data_end());
    const bool stack_last = base == stack_end;
    layout_.heap_base =
        Bound{(base + 15) / 16 * 16, Certainty::derived,
              stack_last ? "behind the stack" : "behind the last data segment; zeroed data may reach higher"};
  }

  uint64_t data_end() const {
    uint64_t end = 0;
    for (const DataExtent& data : extents_) end = std::max(end, data.end);
    return end;
  }

  const wasm::Module& module_;
  const Names& names_;
  ConstValues values_;
  MemoryLayout& layout_;
  Claims claims_;
  std::vector<DataExtent> extents_;
};

std::string bytes_text(uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

}  // namespace

std::string_view region_kind_name(RegionKind kind) {
  constexpr std::array<std::string_view, 5> words = {"null page", "data", "shadow stack", "heap",
                                                     "unclaimed"};
  return words[static_cast<size_t>(kind)];
}

const Region* MemoryLayout::find(uint64_t address) const {
  const auto at = std::upper_bound(regions.begin(), regions.end(), address,
                                   [](uint64_t place, const Region& region) { return place < region.end; });
  return at == regions.end() ? nullptr : &*at;
}

std::string MemoryLayout::describe(uint64_t address) const {
  const Region* const region = find(address);
  if (region == nullptr)
    return bytes_text(address - size_bytes) + " beyond the end of memory (" + std::to_string(size_bytes) +
           ")";
  std::string text = bytes_text(address - region->begin) + " into ";
  if (region->kind == RegionKind::data)
    text += "data " + region->name;
  else if (region->kind == RegionKind::unclaimed)
    text += "unclaimed memory";
  else
    text += "the " + std::string(region_kind_name(region->kind));
  return text + " (" + std::to_string(region->begin) + " to " + std::to_string(region->end) + ")";
}

MemoryLayout find_regions(const wasm::Module& module, const Names& names, uint32_t memory,
                          std::optional<uint64_t> size_bytes) {
  const wasm::MemType& type = module.mems[memory].type;
  MemoryLayout layout;
  layout.memory = memory;
  layout.page_bytes = uint64_t{1} << type.page_size_log2;
  layout.initial_bytes = bytes_of(type.limits.min, layout.page_bytes);
  layout.size_bytes = size_bytes.value_or(layout.initial_bytes);
  layout.max_bytes = type.limits.max ? bytes_of(*type.limits.max, layout.page_bytes) : 0;
  Layout(module, names, layout).find();
  return layout;
}

}  // namespace cloche::debug
