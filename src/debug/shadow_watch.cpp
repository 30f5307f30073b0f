#include "debug/shadow_watch.hpp"

#include "interp/decode.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {

std::optional<WatchedStack> watched_stack(const abi::Instance& instance) {
  const auto& module = static_cast<const runtime::Instance*>(instance.owner)->module();
  const ConstValues values(module.decoded());
  const auto found = find_shadow_stack(module.decoded(), module.symbols().names(), values);
  if (!found || !found->high) return std::nullopt;
  WatchedStack stack;
  stack.pointer = instance.globals[found->pointer_global];
  stack.is_64 = found->is_64;
  stack.low = found->low ? found->low->address : 0;
  stack.high = found->high->address;
  stack.found = *found;
  return stack;
}

const WatchedStack* WatchedStacks::add(const abi::Instance* instance) {
  if (const auto known = stacks_.find(instance); known != stacks_.end()) return &known->second;
  auto stack = watched_stack(*instance);
  return stack ? &stacks_.emplace(instance, *std::move(stack)).first->second : nullptr;
}

const WatchedStack* WatchedStacks::written_at(const abi::Site& site) const {
  const auto found = stacks_.find(site.instance);
  if (found == stacks_.end()) return nullptr;
  const uint8_t* at = site.pc + 1;
  const uint32_t global = interp::read_index(at);
  return site.instance->globals[global] == found->second.pointer ? &found->second : nullptr;
}

}  // namespace cloche::debug
