#include "text/func_types.hpp"

#include <algorithm>

namespace cloche::text {
namespace {

using Types = std::span<const wasm::ValType>;

uint64_t hash_types(Types params, Types results) {
  uint64_t hash = params.size() * 0x9E3779B97F4A7C15u ^ results.size();
  const auto add = [&](Types types) {
    for (const wasm::ValType type : types) {
      hash = (hash ^ type.bits()) * 0xBF58476D1CE4E5B9u;
      hash ^= hash >> 32;
    }
  };
  add(params);
  add(results);
  return hash;
}

bool same(Types a, Types b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

size_t FuncTypes::slot_of(const wasm::Module& module, uint64_t hash, Types params, Types results) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    if (slots_[at] == 0) return at;
    const wasm::FuncType& type = module.types[slots_[at] - 1].comp.func;
    if (same(type.params, params) && same(type.results, results)) return at;
  }
}

void FuncTypes::enter(const wasm::Module& module, size_t slot, uint32_t index) {
  slots_[slot] = index + 1;
  if (++count_ * 2 < slots_.size()) return;
  const std::vector<uint32_t> old = std::move(slots_);
  slots_.assign(old.size() * 2, 0);
  for (const uint32_t entry : old) {
    if (entry == 0) continue;
    const wasm::FuncType& type = module.types[entry - 1].comp.func;
    slots_[slot_of(module, hash_types(type.params, type.results), type.params, type.results)] = entry;
  }
}

void FuncTypes::add(const wasm::Module& module, uint32_t index) {
  if (slots_.empty()) slots_.assign(16, 0);
  const wasm::SubType& type = module.types[index];
  if (!type.final_ || !type.supers.empty() || type.comp.kind != wasm::CompKind::func) return;
  const wasm::FuncType& func = type.comp.func;
  const size_t slot = slot_of(module, hash_types(func.params, func.results), func.params, func.results);
  if (slots_[slot] == 0) enter(module, slot, index);
}

std::optional<wasm::TypeIdx> FuncTypes::find(const wasm::Module& module, Types params, Types results) const {
  if (slots_.empty()) return std::nullopt;
  const uint32_t entry = slots_[slot_of(module, hash_types(params, results), params, results)];
  return entry == 0 ? std::nullopt : std::optional(wasm::TypeIdx(entry - 1));
}

wasm::TypeIdx FuncTypes::find_or_append(wasm::Module& module, Types params, Types results, uint64_t offset) {
  if (slots_.empty()) slots_.assign(16, 0);
  const size_t slot = slot_of(module, hash_types(params, results), params, results);
  if (slots_[slot] != 0) return wasm::TypeIdx(slots_[slot] - 1);
  const auto index = static_cast<uint32_t>(module.types.size());
  wasm::SubType type;
  type.comp.func.params.assign(params.begin(), params.end());
  type.comp.func.results.assign(results.begin(), results.end());
  type.offset = offset;
  module.types.push_back(std::move(type));
  module.rec_groups.push_back({wasm::TypeIdx(index), 1, false});
  enter(module, slot, index);
  return wasm::TypeIdx(index);
}

}  // namespace cloche::text
