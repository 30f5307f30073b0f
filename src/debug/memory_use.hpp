// What a run did to a linear memory: which bytes differ from what instantiation left there, how far down the
// shadow stack's pointer went.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "debug/regions.hpp"
#include "interp/probes.hpp"

namespace cloche::debug {

/// Bytes of a region that differ from their initial value.
struct RegionUse {
  uint64_t changed_bytes = 0;
  uint64_t first = 0;  // addresses of the first and the last of them
  uint64_t last = 0;
};

/// Compares a memory with its active data segments and zeros. One entry for each region, in their order.
/// Segments that are applied at an address that only an import tells count as changes. Linear in the size of
/// the memory.
std::vector<RegionUse> changes(const wasm::Module& module, const MemoryLayout& layout,
                               std::span<const uint8_t> bytes);

/// Follows a global of an integer type that serves as stack pointer. Attached before the calls that it is to
/// see.
class LowestPointer final : public interp::Monitor {
 public:
  LowestPointer(interp::Probes& probes, const abi::Global& global, bool is_64);

  /// The lowest value that was written, nothing when none was.
  std::optional<uint64_t> lowest() const { return lowest_; }
  wasm::TrapCode before(const abi::Site& site) override;

 private:
  bool is_64_;
  std::optional<uint64_t> lowest_;
};

/// Ends a run with the trap "interrupted" before its instruction number `last` + 1.
class StepLimit final : public interp::Monitor {
 public:
  StepLimit(interp::Probes& probes, uint64_t last);

  bool reached() const { return reached_; }
  wasm::TrapCode before(const abi::Site& site) override;

 private:
  uint64_t left_;
  bool reached_ = false;
};

}  // namespace cloche::debug
