// Which functions of a module allocate and free memory, by the names that C, C++ and Rust give them.
#pragma once

#include <cstdint>
#include <vector>

#include "symbols/names.hpp"
#include "wasm/module.hpp"

namespace cloche::debug {

/// What an allocator's parameters mean, by their number; -1 where there is none.
struct Allocator {
  enum class Kind : uint8_t { allocate, reallocate, release, measure };
  Kind kind = Kind::allocate;
  int size = -1;     // bytes wanted
  int count = -1;    // multiplies the size
  int pointer = -1;  // the old block
  int out = -1;      // where the new block's address is stored (posix_memalign); otherwise it is the result
};

struct FoundAllocator {
  uint32_t func = 0;
  Allocator allocator;
  bool passes_on = false;  // it only hands everything on to another one of those found
};

/// The module's own allocators: defined functions that are named, or exported, as one, and those to which
/// such a function hands everything on.
std::vector<FoundAllocator> find_allocators(const wasm::Module& module, const symbols::Names& names);

}  // namespace cloche::debug
