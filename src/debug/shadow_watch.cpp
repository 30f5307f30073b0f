#include "debug/shadow_watch.hpp"

#include "interp/decode.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

/// Zeroed data lies between what the module states of its data and the stack, and leaves no trace in the
/// module. Linkers make stacks of whole 64 KiB unless they are told otherwise; so the little that is left
/// over belongs to the data.
void raise_to_usual_size(WatchedStack& stack) {
  constexpr uint64_t unit = 64 << 10, most_left_over = 16 << 10;
  const uint64_t span = stack.high - stack.low, left_over = span % unit;
  if (stack.low > 0 && span > unit && left_over <= most_left_over) stack.low += left_over;
}

}  // namespace

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
  if (found->low && found->low->certainty != Certainty::stated) raise_to_usual_size(stack);
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
