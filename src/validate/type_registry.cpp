#include "validate/type_registry.hpp"

#include "base/assert.hpp"

namespace cloche::validate {
namespace {

using wasm::AbsHeap;
using wasm::CompKind;
using wasm::HeapType;
using wasm::StorageType;
using wasm::ValType;

/// Replaces concrete heap types: `map(index)` gives the new index.
template <class Map>
ValType map_type(ValType type, Map map) {
  if (!type.is_ref() || !type.heap().is_concrete()) return type;
  return ValType::ref(HeapType(wasm::TypeIdx(map(type.heap().index().value))), type.is_nullable());
}

template <class Map>
StorageType map_storage(StorageType type, Map map) {
  return type.is_packed() ? type : StorageType(map_type(type.unpacked(), map));
}

template <class Map>
wasm::SubType map_sub_type(const wasm::SubType& type, Map map) {
  wasm::SubType result = type;
  for (wasm::TypeIdx& super : result.supers) super = wasm::TypeIdx(map(super.value));
  for (ValType& param : result.comp.func.params) param = map_type(param, map);
  for (ValType& each : result.comp.func.results) each = map_type(each, map);
  for (wasm::FieldType& field : result.comp.fields) field.storage = map_storage(field.storage, map);
  return result;
}

/// References into the group itself are written relative to it, so that equal groups give equal keys.
constexpr uint32_t in_group_bit = 1u << 31;

void put_word(std::string& key, uint32_t word) {
  key.append(reinterpret_cast<const char*>(&word), sizeof word);
}

/// `reference(index)` gives a number below 2^24 for canonical types, or in_group_bit | position.
template <class Reference>
class KeyWriter {
 public:
  KeyWriter(std::string& key, Reference reference) : key_(key), reference_(reference) {}

  void put(const wasm::SubType& type) {
    put_word(key_, type.final_ ? 1 : 0);
    put_word(key_, static_cast<uint32_t>(type.supers.size()));
    for (const wasm::TypeIdx super : type.supers) put_word(key_, reference_(super.value));
    put_word(key_, static_cast<uint32_t>(type.comp.kind));
    if (type.comp.kind == CompKind::func) {
      put(type.comp.func.params);
      put(type.comp.func.results);
    } else {
      put_word(key_, static_cast<uint32_t>(type.comp.fields.size()));
      for (const wasm::FieldType& field : type.comp.fields) put(field);
    }
  }

 private:
  void put(const wasm::ResultType& types) {
    put_word(key_, static_cast<uint32_t>(types.size()));
    for (const ValType type : types) put(type);
  }
  void put(const wasm::FieldType& field) {
    put_word(key_,
             (field.mutable_ ? 1 : 0) | (field.storage.is_packed() ? field.storage.size_bytes() << 1 : 0));
    put(field.storage.unpacked());
  }
  void put(ValType type) {
    const bool concrete = type.is_ref() && type.heap().is_concrete();
    put_word(key_, concrete ? (type.is_nullable() ? 1u : 0u) : type.bits());
    if (concrete) put_word(key_, reference_(type.heap().index().value));
  }
  std::string& key_;
  Reference reference_;
};

}  // namespace

bool abstract_matches(AbsHeap sub, AbsHeap super) {
  if (sub == super || sub == AbsHeap::bot) return true;
  switch (super) {
    case AbsHeap::any:
      return sub == AbsHeap::eq || sub == AbsHeap::i31 || sub == AbsHeap::struct_ || sub == AbsHeap::array ||
             sub == AbsHeap::none;
    case AbsHeap::eq:
      return sub == AbsHeap::i31 || sub == AbsHeap::struct_ || sub == AbsHeap::array || sub == AbsHeap::none;
    case AbsHeap::i31:
    case AbsHeap::struct_:
    case AbsHeap::array:
      return sub == AbsHeap::none;
    case AbsHeap::func:
      return sub == AbsHeap::nofunc;
    case AbsHeap::extern_:
      return sub == AbsHeap::noextern;
    case AbsHeap::exn:
      return sub == AbsHeap::noexn;
    default:
      return false;
  }
}

AbsHeap abstract_of(CompKind kind) {
  return kind == CompKind::func      ? AbsHeap::func
         : kind == CompKind::struct_ ? AbsHeap::struct_
                                     : AbsHeap::array;
}

AbsHeap bottom_of(CompKind kind) { return kind == CompKind::func ? AbsHeap::nofunc : AbsHeap::none; }

AbsHeap top_of(AbsHeap heap) {
  for (const AbsHeap top : {AbsHeap::any, AbsHeap::func, AbsHeap::extern_, AbsHeap::exn})
    if (heap != AbsHeap::bot && abstract_matches(heap, top)) return top;
  return AbsHeap::any;
}

TypeRegistry::~TypeRegistry() {
  for (auto& chunk : chunks_) delete[] chunk.load(std::memory_order_relaxed);
}

void TypeRegistry::add(const wasm::SubType& type) {
  const uint32_t number = size_.load(std::memory_order_relaxed);
  const Place at = place(number);
  Entry* chunk = chunks_[at.chunk].load(std::memory_order_relaxed);
  if (!chunk) {
    chunk = new Entry[chunk_size(at.chunk)];
    chunks_[at.chunk].store(chunk, std::memory_order_release);
  }
  Entry& entry = chunk[at.index];
  entry.type = type;
  if (!type.supers.empty()) {
    const CanonType super = type.supers[0].value;
    entry.supers = this->entry(super).supers;
    entry.supers.push_back(super);
  }
  size_.store(number + 1, std::memory_order_release);
}

wasm::Result<CanonType> TypeRegistry::intern_group(std::span<const wasm::SubType> group, uint32_t first,
                                                   std::span<const CanonType> known) {
  std::string key;
  put_word(key, static_cast<uint32_t>(group.size()));
  KeyWriter writer(
      key, [&](uint32_t index) { return index >= first ? in_group_bit | (index - first) : known[index]; });
  for (const wasm::SubType& type : group) writer.put(type);

  const std::lock_guard lock(mutex_);
  if (const auto found = groups_.find(key); found != groups_.end()) return found->second;
  const CanonType number = size_.load(std::memory_order_relaxed);
  if (group.size() > max_types - number)
    return wasm::fail_limit("types of the engine", number + group.size(), max_types, wasm::no_offset);
  for (const wasm::SubType& type : group)
    add(map_sub_type(
        type, [&](uint32_t index) { return index >= first ? number + (index - first) : known[index]; }));
  groups_.emplace(std::move(key), number);
  return number;
}

wasm::Result<std::vector<CanonType>> TypeRegistry::intern(const wasm::Module& module) {
  std::vector<CanonType> numbers;
  numbers.reserve(module.types.size());
  for (const wasm::RecGroup& group : module.rec_groups) {
    const std::span types(module.types.data() + group.first.value, group.size);
    const CanonType first = TRY(intern_group(types, group.first.value, numbers));
    for (uint32_t i = 0; i < group.size; ++i) numbers.push_back(first + i);
  }
  return numbers;
}

CanonType TypeRegistry::canonicalize(const wasm::FuncType& type) {
  wasm::SubType sub;
  sub.comp.func = type;
  // No index is in the group: a function type cannot refer to itself without a module.
  std::string key;
  put_word(key, 1);
  KeyWriter writer(key, [](uint32_t number) { return number; });
  writer.put(sub);
  const std::lock_guard lock(mutex_);
  if (const auto found = groups_.find(key); found != groups_.end()) return found->second;
  const CanonType number = size_.load(std::memory_order_relaxed);
  ASSERT(number < max_types);
  add(sub);
  groups_.emplace(std::move(key), number);
  return number;
}

bool TypeRegistry::is_subtype(CanonType sub, CanonType super) const {
  if (sub == super) return true;
  const std::span<const CanonType> above = supers(sub);
  const uint32_t level = depth(super);
  return level < above.size() && above[level] == super;
}

bool TypeRegistry::matches(HeapType sub, HeapType super) const {
  if (sub == super) return true;
  if (sub.is_concrete() && super.is_concrete()) return is_subtype(sub.index().value, super.index().value);
  if (sub.is_concrete())
    return abstract_matches(abstract_of(type(sub.index().value).comp.kind), super.abstract());
  if (super.is_concrete())
    return sub.abstract() == AbsHeap::bot || sub.abstract() == bottom_of(type(super.index().value).comp.kind);
  return abstract_matches(sub.abstract(), super.abstract());
}

bool TypeRegistry::matches(ValType sub, ValType super) const {
  if (sub == super || sub.is_bot()) return true;
  if (!sub.is_ref() || !super.is_ref()) return false;
  if (sub.is_nullable() && !super.is_nullable()) return false;
  return matches(sub.heap(), super.heap());
}

}  // namespace cloche::validate
