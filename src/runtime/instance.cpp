#include "runtime/instance.hpp"

#include <cstdlib>

#include "runtime/store.hpp"

namespace cloche::runtime {

Instance::Instance(Store* store, std::shared_ptr<Module> module) : store_(store), module_(std::move(module)) {
  abi_.module = &module_->decoded();
  abi_.validated = &module_->validated();
  abi_.rtts = module_->rtts();
  abi_.canonical_types = module_->canonical_types();
  abi_.owner = this;
}

Instance::~Instance() {
  for (const abi::ElemSegment& segment : elems_) free(segment.refs);
}

std::optional<Extern> Instance::find(std::string_view name) const {
  for (const wasm::Export& item : module_->decoded().exports)
    if (item.name == name) return at(item.kind, item.index);
  return std::nullopt;
}

Extern Instance::at(wasm::ExternKind kind, uint32_t index) const {
  switch (kind) {
    case wasm::ExternKind::func:
      return Func{store_, funcs_[index]};
    case wasm::ExternKind::table:
      return Table{store_, tables_[index]};
    case wasm::ExternKind::mem:
      return Memory{store_, mems_[index]};
    case wasm::ExternKind::global:
      return Global{store_, globals_[index]};
    case wasm::ExternKind::tag:
      return Tag{store_, tags_[index]};
  }
  return {};
}

}  // namespace cloche::runtime
