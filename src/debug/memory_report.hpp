// The map of a linear memory for people and tools: aligned text with a bar, JSON, SVG.
#pragma once

#include <string>
#include <vector>

#include "debug/memory_use.hpp"

namespace cloche::debug {

/// A map, and what a run did to it.
struct MemoryMap {
  std::string module;  // its name as the user gave it
  std::string name;    // of the memory: "$main" or its index
  MemoryLayout layout;
  std::string pointer_name;  // of the shadow stack's global
  // After a run only:
  std::string run;  // "after compute()", "at the trap unreachable in compute()"; empty without a run
  std::vector<RegionUse> uses;  // one for each region
  std::optional<uint64_t> lowest_pointer;
  std::optional<uint64_t> pointer_now;
};

std::string memory_text(const MemoryMap& map);
/// One object, without an end of line.
std::string memory_json(const MemoryMap& map);
/// A picture that needs nothing else.
std::string memory_svg(const MemoryMap& map);

}  // namespace cloche::debug
