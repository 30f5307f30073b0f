#include "text/symbol_table.hpp"

#include <cstring>

namespace cloche::text {
namespace {

__extension__ using Product = unsigned __int128;

uint64_t mix(uint64_t a, uint64_t b) {
  const auto product = static_cast<Product>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t stack_address() {
  const char here = 0;
  return mix(reinterpret_cast<uintptr_t>(&here), 0x9E3779B97F4A7C15u);
}

// Keyed with an address, so that names made to collide in one process do not in the next. One of the stack: a
// static executable has its data at the same place every time.
const uint64_t seed = stack_address();

uint64_t hash_name(std::string_view name, uint32_t scope) {
  uint64_t hash = mix(seed ^ scope ^ 0x9E3779B97F4A7C15u, name.size() ^ 0xC2B2AE3D27D4EB4Fu);
  for (; name.size() >= 8; name.remove_prefix(8)) {
    uint64_t word;
    std::memcpy(&word, name.data(), 8);
    hash = mix(hash ^ word, 0xBF58476D1CE4E5B9u);
  }
  uint64_t tail = 0;
  if (!name.empty()) std::memcpy(&tail, name.data(), name.size());
  return mix(hash ^ tail, 0x94D049BB133111EBu ^ seed);
}

}  // namespace

size_t SymbolTable::slot_of(std::string_view name, uint32_t scope, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    if (slots_[at] == 0) return at;
    const Entry& entry = entries_[slots_[at] - 1];
    if (entry.hash == hash && entry.scope == scope && entry.name == name) return at;
  }
}

void SymbolTable::grow() {
  slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
  const size_t mask = slots_.size() - 1;
  for (size_t i = 0; i < entries_.size(); ++i) {
    size_t at = entries_[i].hash & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<uint32_t>(i + 1);
  }
}

bool SymbolTable::insert(std::string_view name, uint32_t value, uint32_t scope) {
  if (entries_.size() * 2 >= slots_.size()) grow();
  const uint64_t hash = hash_name(name, scope);
  const size_t slot = slot_of(name, scope, hash);
  if (slots_[slot] != 0) return false;
  entries_.push_back({name, scope, value, hash});
  slots_[slot] = static_cast<uint32_t>(entries_.size());
  return true;
}

std::optional<uint32_t> SymbolTable::exchange(std::string_view name, uint32_t value, uint32_t scope) {
  if (entries_.size() * 2 >= slots_.size()) grow();
  const uint64_t hash = hash_name(name, scope);
  const size_t slot = slot_of(name, scope, hash);
  if (slots_[slot] != 0) {
    Entry& entry = entries_[slots_[slot] - 1];
    const uint32_t before = entry.value;
    entry.value = value;
    return before;
  }
  entries_.push_back({name, scope, value, hash});
  slots_[slot] = static_cast<uint32_t>(entries_.size());
  return std::nullopt;
}

std::optional<uint32_t> SymbolTable::find(std::string_view name, uint32_t scope) const {
  if (entries_.empty()) return std::nullopt;
  const size_t slot = slot_of(name, scope, hash_name(name, scope));
  if (slots_[slot] == 0) return std::nullopt;
  return entries_[slots_[slot] - 1].value;
}

void SymbolTable::clear() {
  if (entries_.size() * 4 > slots_.size()) {
    slots_.assign(slots_.size(), 0);
  } else {
    const size_t mask = slots_.size() - 1;
    // Every slot of a probe sequence belongs to some entry, so walking each entry's sequence empties them
    // all.
    for (const Entry& entry : entries_)
      for (size_t at = entry.hash & mask; slots_[at] != 0; at = (at + 1) & mask) slots_[at] = 0;
  }
  entries_.clear();
}

}  // namespace cloche::text
