// The shadow-stack guard: a program's own stack in linear memory that grows over its limit becomes a trap at
// the very instruction that moves its pointer, although the module was compiled without any check.
//
// Watched are writes of the pointer. Functions that call nobody may use memory below the pointer without
// moving it: there the subtraction that finds their frame is watched instead.
#pragma once

#include <unordered_set>

#include "debug/shadow_watch.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

class StackGuard final : public interp::Monitor {
 public:
  /// Watches all instances of the store, those to come included.
  explicit StackGuard(runtime::Store& store);
  /// Whether a shadow stack with known limits was found in any of them.
  bool found_any() const { return !stacks_.empty(); }

  void instance_ready(abi::Instance* instance) override;
  wasm::TrapCode before(const abi::Site& site) override;

 private:
  void watch(const abi::Instance* instance);
  void find_leaf_frames(const abi::Instance& instance, const WatchedStack& stack);
  static std::string describe(const abi::Site& site, const WatchedStack& stack, uint64_t next);

  runtime::Store& store_;
  WatchedStacks stacks_;
  bool subtractions_watched_ = false;
  std::unordered_set<const uint8_t*> leaf_frames_;  // subtractions that find the frame of a leaf function
};

}  // namespace cloche::debug
