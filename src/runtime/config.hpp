// How an engine is set up. A plain value.
#pragma once

#include <cstdint>

#include "abi/context.hpp"
#include "wasm/features.hpp"

namespace cloche::runtime {

struct Config {
  wasm::FeatureSet features = wasm::FeatureSet::standard();
  abi::Quicken quicken = abi::Quicken::warm;
  /// Let the memory management unit check the bounds of 32-bit memories; otherwise every access compares.
  bool guard_pages = true;
  /// One fixed result where the specification allows several.
  bool deterministic = false;
  /// Bytes of a store's value stack. Only what is used costs memory.
  uint64_t value_stack_bytes = uint64_t{8} << 20;
  /// Activations a store may have at once.
  uint32_t max_frames = 100'000;
  /// Entries into execution from host functions that may be nested.
  uint32_t max_native_depth = 200;
  /// Bytes a single memory may have, whatever its type says; growth beyond it gives -1.
  uint64_t max_memory_bytes = ~uint64_t{0};
  /// Bytes the collected heap of a store may hold; allocation beyond it traps with "out of memory".
  uint64_t gc_heap_limit_bytes = uint64_t{4} << 30;
  /// Collect at every allocation; finds missing roots.
  bool gc_stress = false;
};

}  // namespace cloche::runtime
