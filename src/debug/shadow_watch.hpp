// What guard and report of the shadow stack have in common: which global is the pointer in each instance of a
// store, and the limits of the stack.
#pragma once

#include <unordered_map>

#include "debug/shadow_stack.hpp"
#include "interp/probes.hpp"

namespace cloche::debug {

/// The shadow stack of one instance.
struct WatchedStack {
  const abi::Global* pointer = nullptr;
  bool is_64 = false;
  uint64_t low = 0;   // the pointer must not go below
  uint64_t high = 0;  // where it starts
  ShadowStack found;

  uint64_t read(const abi::Slot* slot) const { return is_64 ? *slot : static_cast<uint32_t>(*slot); }
  uint64_t now() const { return read(pointer->value); }
};

/// The shadow stack of an instance whose limits could be found, or nothing.
std::optional<WatchedStack> watched_stack(const abi::Instance& instance);

/// The stacks of a store's instances, by instance.
class WatchedStacks {
 public:
  /// Looks at an instance; the stack that it has, or null.
  const WatchedStack* add(const abi::Instance* instance);
  /// The stack whose pointer the `global.set` at `site` is about to write, or null.
  const WatchedStack* written_at(const abi::Site& site) const;
  bool empty() const { return stacks_.empty(); }

 private:
  std::unordered_map<const abi::Instance*, WatchedStack> stacks_;
};

}  // namespace cloche::debug
