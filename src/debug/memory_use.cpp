#include "debug/memory_use.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace cloche::debug {
namespace {

/// What instantiation writes, as pieces that do not overlap: of segments that do, the later one counts.
class InitialBytes {
 public:
  InitialBytes(const wasm::Module& module, uint32_t memory) {
    const ConstValues values(module);
    std::vector<DataExtent> extents = data_extents(module, values, memory);
    std::sort(extents.begin(), extents.end(), [](const auto& a, const auto& b) { return a.index > b.index; });
    for (const DataExtent& extent : extents)
      fill_gaps(extent, module.slice(module.datas[extent.index].bytes));
  }

  /// The initial bytes from an address on that are known without another look: nothing stands for zeros.
  struct Run {
    const uint8_t* bytes = nullptr;
    uint64_t size = 0;
  };
  Run at(uint64_t address) const {
    auto next = pieces_.upper_bound(address);
    if (next != pieces_.begin()) {
      const auto& [begin, piece] = *std::prev(next);
      if (address < begin + piece.size())
        return {piece.data() + (address - begin), begin + piece.size() - address};
    }
    return {nullptr, next == pieces_.end() ? ~uint64_t{0} - address : next->first - address};
  }

 private:
  void fill_gaps(const DataExtent& extent, std::span<const uint8_t> bytes) {
    for (uint64_t begin = extent.begin; begin < extent.end;) {
      const Run there = at(begin);
      const uint64_t size = std::min(there.size, extent.end - begin);
      if (there.bytes == nullptr) pieces_[begin] = bytes.subspan(begin - extent.begin, size);
      begin += size;
    }
  }

  std::map<uint64_t, std::span<const uint8_t>> pieces_;
};

bool all_zero(const uint8_t* bytes, size_t size) {
  return size == 0 || (bytes[0] == 0 && std::memcmp(bytes, bytes + 1, size - 1) == 0);
}

/// Notes the differences between `size` bytes and their initial values.
void compare(const uint8_t* now, const uint8_t* initial, size_t size, uint64_t address, RegionUse& use) {
  constexpr size_t block = 4096;
  for (size_t at = 0; at < size; at += block) {
    const size_t count = std::min(block, size - at);
    const bool same =
        initial == nullptr ? all_zero(now + at, count) : std::memcmp(now + at, initial + at, count) == 0;
    if (same) continue;
    for (size_t i = at; i < at + count; ++i) {
      if (now[i] == (initial == nullptr ? 0 : initial[i])) continue;
      if (use.changed_bytes++ == 0) use.first = address + i;
      use.last = address + i;
    }
  }
}

}  // namespace

std::vector<RegionUse> changes(const wasm::Module& module, const MemoryLayout& layout,
                               std::span<const uint8_t> bytes) {
  const InitialBytes initial(module, layout.memory);
  std::vector<RegionUse> uses(layout.regions.size());
  for (size_t i = 0; i < uses.size(); ++i) {
    const uint64_t end = std::min<uint64_t>(layout.regions[i].end, bytes.size());
    for (uint64_t at = layout.regions[i].begin; at < end;) {
      const auto run = initial.at(at);
      const uint64_t size = std::min(run.size, end - at);
      compare(bytes.data() + at, run.bytes, size, at, uses[i]);
      at += size;
    }
  }
  return uses;
}

LowestPointer::LowestPointer(interp::Probes& probes, const abi::Global& global, bool is_64) : is_64_(is_64) {
  probes.attach_global(*this, &global);
}

wasm::TrapCode LowestPointer::before(const abi::Site& site) {
  const uint64_t value = is_64_ ? site.sp[-1] : static_cast<uint32_t>(site.sp[-1]);
  lowest_ = std::min(lowest_.value_or(value), value);
  return wasm::TrapCode::none;
}

StepLimit::StepLimit(interp::Probes& probes, uint64_t last) : left_(last) {
  probes.attach(*this, interp::all_ops());
}

wasm::TrapCode StepLimit::before(const abi::Site&) {
  if (left_ == 0) {
    reached_ = true;
    return wasm::TrapCode::interrupted;
  }
  --left_;
  return wasm::TrapCode::none;
}

}  // namespace cloche::debug
