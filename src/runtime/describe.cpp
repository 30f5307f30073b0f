#include "runtime/describe.hpp"

namespace cloche::runtime {
namespace {

std::string describe(const wasm::Limits& limits) {
  std::string text = limits.is_64 ? "i64 " : "";
  text += std::to_string(limits.min);
  if (limits.max) text += " " + std::to_string(*limits.max);
  return text;
}

}  // namespace

std::string describe_func(const wasm::FuncType& type) { return "func " + to_string(type); }
std::string describe_tag(const wasm::FuncType& type) { return "tag " + to_string(type.params); }

std::string describe(const wasm::TableType& type) {
  return "table " + describe(type.limits) + " " + to_string(type.elem);
}

std::string describe(const wasm::MemType& type) {
  std::string text = "memory " + describe(type.limits);
  if (type.shared) text += " shared";
  if (type.page_size_log2 != wasm::default_page_size_log2)
    text += " (pagesize " + std::to_string(uint64_t{1} << type.page_size_log2) + ")";
  return text;
}

std::string describe(const wasm::GlobalType& type) {
  return type.mutable_ ? "global (mut " + to_string(type.type) + ")" : "global " + to_string(type.type);
}

std::string describe(const wasm::Module& module, const wasm::Import& import) {
  switch (import.kind) {
    case wasm::ExternKind::func:
      return describe_func(module.func_type(import.func_type));
    case wasm::ExternKind::table:
      return describe(import.table);
    case wasm::ExternKind::mem:
      return describe(import.mem);
    case wasm::ExternKind::global:
      return describe(import.global);
    case wasm::ExternKind::tag:
      return describe_tag(module.func_type(import.tag.type));
  }
  return {};
}

}  // namespace cloche::runtime
