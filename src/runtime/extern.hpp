// Handles to a store's objects: what instances import and export. Small values; the store owns the objects
// and outlives the handles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "abi/instance.hpp"
#include "wasm/types.hpp"

namespace cloche::runtime {

class Store;

/// A function. `type()` is canonical: its heap types are engine-wide.
struct Func {
  Store* store = nullptr;
  abi::FuncObject* object = nullptr;
  const wasm::FuncType& type() const;
};

struct Table {
  Store* store = nullptr;
  abi::Table* object = nullptr;
  /// With the current size as minimum.
  wasm::TableType type() const;
  uint64_t size() const { return object->size; }
};

struct Memory {
  Store* store = nullptr;
  abi::Memory* object = nullptr;
  /// With the current size as minimum.
  wasm::MemType type() const;
  uint64_t size_bytes() const { return object->size(); }
  uint64_t size_pages() const { return object->size() >> object->page_size_log2; }
};

struct Global {
  Store* store = nullptr;
  abi::Global* object = nullptr;
  wasm::GlobalType type() const { return {object->type, object->mutable_}; }
};

struct Tag {
  Store* store = nullptr;
  abi::Tag* object = nullptr;
  const wasm::FuncType& type() const;
};

/// One of them.
class Extern {
 public:
  Extern() = default;
  Extern(Func v) : what_(v) {}
  Extern(Table v) : what_(v) {}
  Extern(Memory v) : what_(v) {}
  Extern(Global v) : what_(v) {}
  Extern(Tag v) : what_(v) {}

  /// In the order of ExternKind's enumerators.
  wasm::ExternKind kind() const { return static_cast<wasm::ExternKind>(what_.index()); }
  Store* store() const;
  const Func* func() const { return std::get_if<Func>(&what_); }
  const Table* table() const { return std::get_if<Table>(&what_); }
  const Memory* memory() const { return std::get_if<Memory>(&what_); }
  const Global* global() const { return std::get_if<Global>(&what_); }
  const Tag* tag() const { return std::get_if<Tag>(&what_); }
  /// "func [i32] -> []", "memory 1 2", "table 10 funcref", "global (mut i32)", "tag [i32]".
  std::string describe() const;

 private:
  std::variant<Func, Table, Memory, Global, Tag> what_;
};

}  // namespace cloche::runtime
