// A number for everything that a program can tell apart: values by their types, bytes of memories, and
// objects behind references with all that they lead to. Addresses of this process do not count: two processes
// that run the same program have equal numbers in equal states.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "abi/instance.hpp"
#include "validate/type_registry.hpp"
#include "wasm/types.hpp"

namespace cloche::debug {

/// Takes the parts of a state in some order, then gives the number. It tells states apart, and is no
/// protection against somebody who looks for two with the same number.
class StateHash {
 public:
  /// `types` are those of the engine that runs the program.
  explicit StateHash(const validate::TypeRegistry& types) : types_(types) {}

  void add(uint64_t word);
  void add(std::span<const uint8_t> bytes);
  /// A value of a canonical type, in one or two slots.
  void add(wasm::ValType type, const abi::Slot* slots);

  // Objects that instances share count once, however many of these name them.
  void add(const abi::Memory& memory);
  void add(const abi::Table& table);
  void add(const abi::Global& global);
  /// Memories, tables and globals of its index spaces, and which of its segments are dropped.
  void add(const abi::Instance& instance);

  /// The number. Follows all references first; nothing may be added later.
  uint64_t finish();

 private:
  /// True the first time; adds the object's number in any case.
  bool is_new(const void* object);
  void add_ref(abi::Ref ref);
  void look_into(abi::GcObject& object);
  void add_field(const wasm::StorageType& type, const uint8_t* at);
  void add_func(const abi::FuncObject& func);
  void add_exception(const abi::ExceptionObject& exception);

  const validate::TypeRegistry& types_;
  uint64_t hash_ = 0xCBF29CE484222325;
  std::unordered_map<const void*, uint64_t> numbers_;  // in the order in which they were met
  std::vector<abi::GcObject*> waiting_;                // met, but not looked into
};

}  // namespace cloche::debug
