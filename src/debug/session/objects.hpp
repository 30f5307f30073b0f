// Memories and globals of running programs by numbers that mean the same in every process of a session.
// Their addresses do not: objects that are made after a process was forked may lie elsewhere in its copy.
#pragma once

#include <optional>
#include <vector>

#include "abi/context.hpp"

namespace cloche::debug {

/// The instances whose code has run, in the order in which they began.
inline std::vector<const abi::Instance*> instances_in_order(const abi::Context& context) {
  std::vector<const abi::Instance*> instances;
  for (const abi::Instance* each = context.instances; each != nullptr; each = each->next)
    instances.push_back(each);
  return {instances.rbegin(), instances.rend()};
}

/// An item of an index space of an instance.
struct ObjectNumber {
  uint32_t instance = 0;  // among instances_in_order
  uint32_t index = 0;
};

/// The number of an instance; nothing when none of its code has run.
inline std::optional<uint32_t> instance_number(const abi::Context& context, const abi::Instance* instance) {
  const auto all = instances_in_order(context);
  for (uint32_t i = 0; i < all.size(); ++i)
    if (all[i] == instance) return i;
  return std::nullopt;
}

inline std::optional<ObjectNumber> memory_number(const abi::Context& context, const abi::Memory* memory) {
  const auto all = instances_in_order(context);
  for (uint32_t i = 0; i < all.size(); ++i)
    for (uint32_t index = 0; index < all[i]->module->mems.size(); ++index)
      if (all[i]->mems[index] == memory) return ObjectNumber{i, index};
  return std::nullopt;
}

/// Null when there is none of that number.
inline const abi::Memory* memory_of(const abi::Context& context, ObjectNumber number) {
  const auto all = instances_in_order(context);
  if (number.instance >= all.size() || number.index >= all[number.instance]->module->mems.size())
    return nullptr;
  return all[number.instance]->mems[number.index];
}
inline abi::Global* global_of(const abi::Context& context, ObjectNumber number) {
  const auto all = instances_in_order(context);
  if (number.instance >= all.size() || number.index >= all[number.instance]->module->globals.size())
    return nullptr;
  return all[number.instance]->globals[number.index];
}

}  // namespace cloche::debug
