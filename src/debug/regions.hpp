// What lies where in a linear memory: null page, data, shadow stack, heap, and what nobody claims. From the
// module alone; a run adds how far memory has grown. The memory map shows it, guards and trap texts ask which
// region an address belongs to.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "debug/shadow_stack.hpp"
#include "symbols/names.hpp"
#include "wasm/module.hpp"

namespace cloche::debug {

enum class RegionKind : uint8_t {
  null_page,  // kept free below everything, so that a null pointer points to nothing
  data,       // active data segments, and what a linker keeps zeroed beside them
  stack,      // the shadow stack
  heap,       // what allocators hand out
  unclaimed,  // nothing is known
};
std::string_view region_kind_name(RegionKind kind);

/// [begin, end) in bytes. Not empty.
struct Region {
  RegionKind kind = RegionKind::unclaimed;
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string name;  // data: the segment's name or number
  Certainty certainty = Certainty::derived;
  std::string reason;  // how its limits were found
};

/// Everything about one memory. Regions are in order of address, do not overlap, and cover [0, size_bytes).
struct MemoryLayout {
  uint32_t memory = 0;
  uint64_t initial_bytes = 0;  // when it is created
  uint64_t size_bytes = 0;     // as it is now, or initial_bytes
  uint64_t max_bytes = 0;      // 0: no maximum is declared
  uint64_t page_bytes = 0;
  std::optional<ShadowStack> stack;  // of memory 0
  std::optional<Bound> heap_base;
  std::vector<Region> regions;

  /// The region of an address; null beyond the end.
  const Region* find(uint64_t address) const;
  /// "12 bytes into data segment .rodata (1024 to 1300)", "48 bytes beyond the end of memory (65536)".
  std::string describe(uint64_t address) const;
};

/// Lays a memory of the module out. `size_bytes` is its present size, nothing for the initial one. The memory
/// must exist. Linear in the module where code must be read to find the stack, else in its globals and
/// segments.
MemoryLayout find_regions(const wasm::Module& module, const symbols::Names& names, uint32_t memory,
                          std::optional<uint64_t> size_bytes = std::nullopt);

}  // namespace cloche::debug
