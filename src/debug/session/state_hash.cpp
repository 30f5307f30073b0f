#include "debug/session/state_hash.hpp"

#include <cstring>

#include "runtime/instance.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {
namespace {

constexpr uint64_t prime = 0x100000001B3;

template <class Word>
uint64_t load(const uint8_t* at) {
  Word word = 0;
  memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

void StateHash::add(uint64_t word) {
  hash_ = (hash_ ^ word) * prime;
  hash_ ^= hash_ >> 32;  // or high bits would never reach low ones
}

/// Four sums side by side, since a memory is long and a multiplication waits for the one before it.
void StateHash::add(std::span<const uint8_t> bytes) {
  add(bytes.size());
  uint64_t sums[4] = {1, 2, 3, 4};
  for (; bytes.size() >= 32; bytes = bytes.subspan(32))
    for (size_t i = 0; i < 4; ++i) {
      sums[i] = (sums[i] ^ load<uint64_t>(bytes.data() + 8 * i)) * prime;
      sums[i] ^= sums[i] >> 29;
    }
  for (const uint64_t sum : sums) add(sum);
  for (const uint8_t byte : bytes) add(byte);
}

void StateHash::add(wasm::ValType type, const abi::Slot* slots) {
  if (type.is_ref()) return add_ref(*slots);
  // The upper half of a slot that holds 32 bits means nothing.
  const bool is_narrow = type == wasm::ValType::i32() || type == wasm::ValType::f32();
  add(is_narrow ? static_cast<uint32_t>(*slots) : *slots);
  if (type.is_vec()) add(slots[1]);
}

bool StateHash::is_new(const void* object) {
  const auto [at, is_new] = numbers_.try_emplace(object, numbers_.size());
  add(at->second);
  return is_new;
}

void StateHash::add(const abi::Memory& memory) {
  if (is_new(&memory)) add(std::span(memory.base, static_cast<size_t>(memory.size())));
}

void StateHash::add(const abi::Table& table) {
  if (!is_new(&table)) return;
  add(table.size);
  for (uint64_t i = 0; i < table.size; ++i) add_ref(table.elems[i]);
}

void StateHash::add(const abi::Global& global) {
  if (is_new(&global)) add(global.type, global.value);
}

void StateHash::add(const abi::Instance& instance) {
  const wasm::Module& module = *instance.module;
  for (size_t i = 0; i < module.mems.size(); ++i) add(*instance.mems[i]);
  for (size_t i = 0; i < module.tables.size(); ++i) add(*instance.tables[i]);
  for (size_t i = 0; i < module.globals.size(); ++i) add(*instance.globals[i]);
  for (size_t i = 0; i < module.datas.size(); ++i) add(instance.datas[i].size);
  for (size_t i = 0; i < module.elems.size(); ++i) {
    add(instance.elems[i].size);
    for (uint32_t entry = 0; entry < instance.elems[i].size; ++entry) add_ref(instance.elems[i].refs[entry]);
  }
}

void StateHash::add_ref(abi::Ref ref) {
  if (ref == abi::null_ref || abi::is_i31(ref)) return add(ref);
  abi::GcObject* const object = abi::as_object(ref);
  add(2);  // an object, not an i31 of the same number
  if (is_new(object)) waiting_.push_back(object);
}

void StateHash::add_func(const abi::FuncObject& func) {
  add(func.canonical_type);
  add(func.func_index);
  if (func.kind == abi::FuncKind::wasm) is_new(func.instance);
}

void StateHash::add_exception(const abi::ExceptionObject& exception) {
  is_new(exception.tag);
  const abi::Slot* slot = exception.slots;
  for (const wasm::ValType type :
       types_.type(validate::CanonType(exception.tag->canonical_type)).comp.func.params) {
    add(type, slot);
    slot += type.slots();
  }
}

void StateHash::add_field(const wasm::StorageType& type, const uint8_t* at) {
  if (type.unpacked().is_ref()) return add_ref(load<abi::Ref>(at));
  add(std::span(at, type.size_bytes()));
}

void StateHash::look_into(abi::GcObject& object) {
  const abi::Rtt& rtt = *object.rtt;
  add(rtt.canonical_type);
  switch (rtt.kind) {
    case abi::GcKind::struct_:
      for (uint32_t i = 0; i < rtt.field_count; ++i)
        add_field(rtt.field_types[i], reinterpret_cast<const uint8_t*>(&object) + rtt.field_offsets[i]);
      return;
    case abi::GcKind::array: {
      auto& array = static_cast<abi::ArrayObject&>(object);
      if (!rtt.field_types[0].unpacked().is_ref())
        return add(std::span(abi::elements(&array), size_t{array.length} * rtt.elem_bytes));
      add(array.length);
      for (uint32_t i = 0; i < array.length; ++i)
        add_field(rtt.field_types[0], abi::elements(&array) + size_t{i} * rtt.elem_bytes);
      return;
    }
    case abi::GcKind::exception:
      return add_exception(static_cast<const abi::ExceptionObject&>(object));
    case abi::GcKind::extern_:
      return add(static_cast<const abi::ExternObject&>(object).payload);
    case abi::GcKind::func:
      return add_func(static_cast<const abi::FuncObject&>(object));
  }
}

uint64_t StateHash::finish() {
  while (!waiting_.empty()) {
    abi::GcObject* const object = waiting_.back();
    waiting_.pop_back();
    look_into(*object);
  }
  return hash_;
}

}  // namespace cloche::debug
