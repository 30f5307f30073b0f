// A host function of a store: its body and the object that function references point to.
#pragma once

#include "runtime/store.hpp"

namespace cloche::runtime {

struct Store::HostFunc {
  Store* store = nullptr;
  HostSlots body;
  abi::FuncObject object;

  /// The abi's callback.
  static wasm::TrapCode call(void* data, abi::Context* context, abi::Slot* args);
};

}  // namespace cloche::runtime
