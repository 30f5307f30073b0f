// What the two forms of `cloche memory` have in common: with a module alone or one call, and with a whole
// run.
#pragma once

#include <string>
#include <vector>

#include "debug/memory_report.hpp"
#include "runtime/instance.hpp"

namespace cloche::cli {

enum class MapFormat : uint8_t { text, json, svg };

/// Which memory is shown, and how.
struct MapRequest {
  uint32_t memory = 0;
  MapFormat format = MapFormat::text;
  uint64_t steps = 0;  // of a run, after which it ends; 0 for none
};

/// Fills the map from a memory of an instance as it is now; `pointer` has followed the stack pointer, or is
/// null.
void look_at_memory(uint32_t memory, runtime::Instance& instance, const debug::LowestPointer* pointer,
                    debug::MemoryMap& map);

/// Writes the map to standard output.
void print_map(const MapRequest& request, const debug::MemoryMap& map);

/// `cloche memory --run …`.
void memory_after_run(const std::vector<std::string>& line);

}  // namespace cloche::cli
