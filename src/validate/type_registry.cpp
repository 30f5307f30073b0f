#include "validate/type_registry.hpp"

#include <bit>
#include <chrono>

#include "base/assert.hpp"

namespace cloche::validate {

using wasm::AbsHeap;
using wasm::CompKind;
using wasm::CompType;
using wasm::FieldType;
using wasm::HeapType;
using wasm::SubType;
using wasm::TypeIdx;
using wasm::ValType;

namespace {

/// A concrete heap type's index replaced; everything else as it is.
template <class F>
ValType map_concrete(ValType type, F index) {
  if (!type.is_ref() || !type.heap().is_concrete()) return type;
  return ValType::ref(HeapType(TypeIdx(index(type.heap().index().value))), type.is_nullable());
}

template <class F>
void map_comp(CompType& comp, F index) {
  for (ValType& type : comp.func.params) type = map_concrete(type, index);
  for (ValType& type : comp.func.results) type = map_concrete(type, index);
  for (FieldType& field : comp.fields)
    if (!field.storage.is_packed()) field.storage = map_concrete(field.storage.unpacked(), index);
}

/// Different in every registry, so that nobody can prepare types that collide in the table.
uint64_t fresh_seed(const void* where) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return (static_cast<uint64_t>(now) ^ reinterpret_cast<uintptr_t>(where)) * 0x9E3779B97F4A7C15u;
}

bool is_abstract_subtype(AbsHeap sub, AbsHeap super) {
  if (sub == super || sub == AbsHeap::bot) return true;
  switch (sub) {
    case AbsHeap::none:
      return top_of(super) == AbsHeap::any && super != AbsHeap::bot;
    case AbsHeap::nofunc:
      return super == AbsHeap::func;
    case AbsHeap::noextern:
      return super == AbsHeap::extern_;
    case AbsHeap::noexn:
      return super == AbsHeap::exn;
    case AbsHeap::eq:
      return super == AbsHeap::any;
    case AbsHeap::i31:
    case AbsHeap::struct_:
    case AbsHeap::array:
      return super == AbsHeap::eq || super == AbsHeap::any;
    default:
      return false;
  }
}

AbsHeap abstract_of(CompKind kind) {
  if (kind == CompKind::func) return AbsHeap::func;
  return kind == CompKind::struct_ ? AbsHeap::struct_ : AbsHeap::array;
}

}  // namespace

AbsHeap top_of(AbsHeap heap) {
  switch (heap) {
    case AbsHeap::func:
    case AbsHeap::nofunc:
      return AbsHeap::func;
    case AbsHeap::extern_:
    case AbsHeap::noextern:
      return AbsHeap::extern_;
    case AbsHeap::exn:
    case AbsHeap::noexn:
      return AbsHeap::exn;
    default:
      return AbsHeap::any;
  }
}

uint32_t slots_of(std::span<const ValType> types) {
  uint32_t slots = 0;
  for (const ValType type : types) slots += type.slots();
  return slots;
}

/// Writes a group as words. A reference into the group carries a bit that no type has otherwise.
class TypeRegistry::KeyWriter {
 public:
  KeyWriter(wasm::RecGroup group, std::span<const CanonType> canonical)
      : first_(group.first.value), size_(group.size), canonical_(canonical) {}

  void write(const SubType& type) {
    key_.push_back(static_cast<uint32_t>(type.comp.kind) << 1 | type.final_);
    key_.push_back(static_cast<uint32_t>(type.supers.size()));
    for (const TypeIdx super : type.supers) write(ValType::ref(HeapType(super), false));
    write(type.comp.func.params);
    write(type.comp.func.results);
    key_.push_back(static_cast<uint32_t>(type.comp.fields.size()));
    for (const FieldType& field : type.comp.fields) {
      key_.push_back((field.storage.is_packed() ? field.storage.size_bytes() : 0) << 1 | field.mutable_);
      write(field.storage.unpacked());
    }
  }
  Key take() { return std::move(key_); }

 private:
  static constexpr uint32_t in_group_bit = 1u << 29;

  void write(const wasm::ResultType& types) {
    key_.push_back(static_cast<uint32_t>(types.size()));
    for (const ValType type : types) write(type);
  }
  void write(ValType type) {
    if (!type.is_ref() || !type.heap().is_concrete()) return key_.push_back(type.bits());
    const uint32_t index = type.heap().index().value;
    const bool inside = index - first_ < size_;
    const uint32_t number = inside ? index - first_ : canonical_[index].value;
    const uint32_t bits = ValType::ref(HeapType(TypeIdx(number)), type.is_nullable()).bits();
    key_.push_back(bits | (inside ? in_group_bit : 0));
  }

  uint32_t first_;
  uint32_t size_;
  std::span<const CanonType> canonical_;
  Key key_;
};

size_t TypeRegistry::KeyHash::operator()(const Key& key) const {
  uint64_t hash = seed;
  for (const uint32_t word : key) {
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  return static_cast<size_t>(hash);
}

TypeRegistry::TypeRegistry() : groups_(0, KeyHash{fresh_seed(this)}) {}

TypeRegistry::~TypeRegistry() {
  std::allocator<CanonicalType> allocator;
  uint32_t left = size();
  for (unsigned chunk = std::bit_width(first_chunk_size) - 1; chunk < chunks_.size(); ++chunk) {
    CanonicalType* const types = chunks_[chunk].load(std::memory_order_relaxed);
    if (!types) return;
    const uint32_t used = std::min(left, 1u << chunk);
    std::destroy_n(types, used);
    allocator.deallocate(types, size_t{1} << chunk);
    left -= used;
  }
}

CanonicalType& TypeRegistry::append() {
  const uint32_t number = size_.load(std::memory_order_relaxed);
  const uint32_t place = number + first_chunk_size;
  const unsigned chunk = static_cast<unsigned>(std::bit_width(place)) - 1;
  if (!chunks_[chunk].load(std::memory_order_relaxed))
    chunks_[chunk].store(std::allocator<CanonicalType>().allocate(size_t{1} << chunk),
                         std::memory_order_release);
  CanonicalType* const entry = chunks_[chunk].load(std::memory_order_relaxed) + (place - (1u << chunk));
  std::construct_at(entry);
  entry->self = number;
  size_.store(number + 1, std::memory_order_release);
  return *entry;
}

void TypeRegistry::add(const SubType& type, uint32_t group_first, CanonType canonical_first,
                       std::span<const CanonType> canonical) {
  const auto number = [&](uint32_t index) {
    return index < group_first ? canonical[index].value : canonical_first.value + (index - group_first);
  };
  CanonicalType& entry = append();
  entry.type = type;
  entry.type.offset = wasm::no_offset;
  for (TypeIdx& super : entry.type.supers) super = TypeIdx(number(super.value));
  map_comp(entry.type.comp, number);
  if (!entry.type.supers.empty()) {
    const CanonType super = entry.type.supers[0].value;
    entry.display = get(super).display;
    entry.display.push_back(super);
  }
  entry.param_slots = slots_of(entry.params());
  entry.result_slots = slots_of(entry.results());
}

wasm::Result<void> TypeRegistry::intern(std::span<const SubType> types, wasm::RecGroup group,
                                        std::span<CanonType> canonical) {
  const uint32_t first = group.first.value;
  const std::span<const SubType> members = types.subspan(first, group.size);
  KeyWriter writer(group, canonical);
  for (const SubType& type : members) writer.write(type);

  const std::lock_guard lock(mutex_);
  const uint32_t number = size_.load(std::memory_order_relaxed);
  const auto [place, is_new] = groups_.try_emplace(writer.take(), number);
  if (is_new && group.size > max_types - kept_for_host - std::min(number, max_types - kept_for_host)) {
    groups_.erase(place);
    return wasm::fail_limit("types of the engine", uint64_t{number} + group.size, max_types - kept_for_host,
                            members.empty() ? wasm::no_offset : members[0].offset);
  }
  if (is_new)
    for (const SubType& type : members) add(type, first, number, canonical);
  for (uint32_t i = 0; i < group.size; ++i) canonical[first + i] = place->second.value + i;
  return {};
}

CanonType TypeRegistry::canonicalize(const wasm::FuncType& type) {
  SubType sub;
  sub.comp.func = type;
  // What KeyWriter writes for a group of this one type, whose references all lie outside it.
  Key key;
  key.push_back(static_cast<uint32_t>(CompKind::func) << 1 | 1);
  key.push_back(0);
  for (const wasm::ResultType* types : {&type.params, &type.results}) {
    key.push_back(static_cast<uint32_t>(types->size()));
    for (const ValType each : *types) key.push_back(each.bits());
  }
  key.push_back(0);

  const std::lock_guard lock(mutex_);
  const uint32_t number = size_.load(std::memory_order_relaxed);
  const auto [place, is_new] = groups_.try_emplace(std::move(key), number);
  if (!is_new) return place->second;
  ASSERT(number < max_types);
  CanonicalType& entry = append();
  entry.type = std::move(sub);
  entry.param_slots = slots_of(entry.params());
  entry.result_slots = slots_of(entry.results());
  return number;
}

AbsHeap TypeRegistry::top_of(HeapType heap) const {
  if (!heap.is_concrete()) return validate::top_of(heap.abstract());
  return get(heap.index().value).is_func() ? AbsHeap::func : AbsHeap::any;
}

bool TypeRegistry::matches(HeapType sub, HeapType super) const {
  if (sub == super) return true;
  if (!super.is_concrete()) {
    const AbsHeap abstract =
        sub.is_concrete() ? abstract_of(get(sub.index().value).type.comp.kind) : sub.abstract();
    return is_abstract_subtype(abstract, super.abstract());
  }
  if (sub.is_concrete()) return is_subtype(sub.index().value, super.index().value);
  if (sub.abstract() == AbsHeap::bot) return true;
  return sub.abstract() == (get(super.index().value).is_func() ? AbsHeap::nofunc : AbsHeap::none);
}

bool TypeRegistry::matches(ValType sub, ValType super) const {
  if (sub == super || sub.is_bot()) return true;
  if (!sub.is_ref() || !super.is_ref()) return false;
  if (sub.is_nullable() && !super.is_nullable()) return false;
  return matches(sub.heap(), super.heap());
}

bool TypeRegistry::matches(std::span<const ValType> subs, std::span<const ValType> supers) const {
  if (subs.size() != supers.size()) return false;
  for (size_t i = 0; i < subs.size(); ++i)
    if (!matches(subs[i], supers[i])) return false;
  return true;
}

bool TypeRegistry::matches(const FieldType& sub, const FieldType& super) const {
  if (sub.mutable_ != super.mutable_) return false;
  if (sub.storage == super.storage) return true;
  if (sub.storage.is_packed() || super.storage.is_packed() || sub.mutable_) return false;
  return matches(sub.storage.unpacked(), super.storage.unpacked());
}

bool TypeRegistry::matches(const CompType& sub, const CompType& super) const {
  if (sub.kind != super.kind) return false;
  if (sub.kind == CompKind::func)
    return matches(std::span<const ValType>(super.func.params), std::span<const ValType>(sub.func.params)) &&
           matches(std::span<const ValType>(sub.func.results), std::span<const ValType>(super.func.results));
  if (sub.fields.size() < super.fields.size()) return false;
  for (size_t i = 0; i < super.fields.size(); ++i)
    if (!matches(sub.fields[i], super.fields[i])) return false;
  return true;
}

}  // namespace cloche::validate
