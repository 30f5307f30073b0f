// An instance of a module in a store: its index spaces and its exports.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "abi/instance.hpp"
#include "runtime/extern.hpp"
#include "runtime/module.hpp"

namespace cloche::runtime {

/// Owned by its store, like everything in its index spaces.
class Instance {
 public:
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance();

  Store* store() const { return store_; }
  const Module& module() const { return *module_; }
  const std::shared_ptr<Module>& module_ptr() const { return module_; }
  abi::Instance* abi() { return &abi_; }

  /// The export of that name.
  std::optional<Extern> find(std::string_view name) const;
  /// An item by its index in its index space, which must exist.
  Extern at(wasm::ExternKind kind, uint32_t index) const;

 private:
  friend class Store;
  friend class Instantiation;
  Instance(Store* store, std::shared_ptr<Module> module);

  Store* store_;
  std::shared_ptr<Module> module_;
  abi::Instance abi_;
  std::vector<abi::Memory*> mems_;
  std::vector<abi::Table*> tables_;
  std::vector<abi::Global*> globals_;
  std::vector<abi::FuncObject*> funcs_;
  std::vector<abi::Tag*> tags_;
  std::vector<abi::ElemSegment> elems_;
  std::vector<abi::DataSegment> datas_;
  std::unique_ptr<abi::FuncObject[]> own_funcs_;
};

}  // namespace cloche::runtime
