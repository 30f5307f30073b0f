#include "runtime/import_matching.hpp"

#include "runtime/describe.hpp"
#include "runtime/linear_memory.hpp"

namespace cloche::runtime {
namespace {

/// spec: Validation / Types / Limits matching.
bool limits_match(const wasm::Limits& actual, const wasm::Limits& wanted) {
  if (actual.is_64 != wanted.is_64 || actual.min < wanted.min) return false;
  return !wanted.max || (actual.max && *actual.max <= *wanted.max);
}

/// One overload for each kind of object; each is called only for its own kind of import.
struct Matching {
  const Module& module;
  const wasm::Import& import;

  validate::TypeRegistry& types() const { return module.engine()->types(); }

  bool operator()(const Func& func) const {
    return types().is_subtype(func.object->canonical_type, module.canonical(import.func_type));
  }
  bool operator()(const Table& table) const {
    return limits_match(table.type().limits, import.table.limits) &&
           table.object->type == module.canonical(import.table.elem);
  }
  bool operator()(const Memory& memory) const {
    const wasm::MemType actual = memory.type();
    return limits_match(actual.limits, import.mem.limits) && actual.shared == import.mem.shared &&
           actual.page_size_log2 == import.mem.page_size_log2;
  }
  bool operator()(const Global& global) const {
    const wasm::ValType wanted = module.canonical(import.global.type);
    if (global.object->mutable_ != import.global.mutable_) return false;
    return import.global.mutable_ ? global.object->type == wanted
                                  : types().matches(global.object->type, wanted);
  }
  bool operator()(const Tag& tag) const {
    return tag.object->canonical_type == module.canonical(import.tag.type);
  }
  bool matches(const Extern& object) const {
    switch (object.kind()) {
      case wasm::ExternKind::func:
        return (*this)(*object.func());
      case wasm::ExternKind::table:
        return (*this)(*object.table());
      case wasm::ExternKind::mem:
        return (*this)(*object.memory());
      case wasm::ExternKind::global:
        return (*this)(*object.global());
      case wasm::ExternKind::tag:
        return (*this)(*object.tag());
    }
    return false;
  }
};

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

wasm::Result<void> match_import(const Module& module, const wasm::Import& import, const Extern& object) {
  if (object.kind() == import.kind && Matching{module, import}.matches(object)) return {};
  const std::string actual = object.describe();
  const std::string wanted = describe(module.decoded(), import);
  std::string detail = "import " + quoted(import.module) + " " + quoted(import.name) + " has type " + actual +
                       " but the module expects " + wanted;
  if (actual == wanted) detail += " (alike in shape, but of different recursion groups)";
  return wasm::fail(wasm::ErrorCode::incompatible_import, import.offset, std::move(detail));
}

}  // namespace cloche::runtime
