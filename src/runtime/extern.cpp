#include "runtime/extern.hpp"

#include "runtime/describe.hpp"
#include "runtime/linear_memory.hpp"
#include "runtime/store.hpp"

namespace cloche::runtime {
namespace {

constexpr uint64_t no_maximum = ~uint64_t{0};

const wasm::FuncType& func_type(Store& store, uint32_t canonical_type) {
  return store.engine().types().type(canonical_type).comp.func;
}

}  // namespace

const wasm::FuncType& Func::type() const { return func_type(*store, object->canonical_type); }
const wasm::FuncType& Tag::type() const { return func_type(*store, object->canonical_type); }

wasm::TableType Table::type() const {
  wasm::TableType type;
  type.elem = object->type;
  type.limits.min = object->size;
  if (object->max != no_maximum) type.limits.max = object->max;
  type.limits.is_64 = object->is_64;
  return type;
}

wasm::MemType Memory::type() const {
  wasm::MemType type = LinearMemory::of(object)->declared();
  type.limits.min = size_pages();
  return type;
}

Store* Extern::store() const {
  return std::visit([](const auto& handle) { return handle.store; }, what_);
}

std::string Extern::describe() const {
  struct Describe {
    std::string operator()(const Func& v) const { return runtime::describe_func(v.type()); }
    std::string operator()(const Table& v) const { return runtime::describe(v.type()); }
    std::string operator()(const Memory& v) const { return runtime::describe(v.type()); }
    std::string operator()(const Global& v) const { return runtime::describe(v.type()); }
    std::string operator()(const Tag& v) const { return runtime::describe_tag(v.type()); }
  };
  if (!store()) return "nothing";
  return std::visit(Describe{}, what_);
}

}  // namespace cloche::runtime
