#include "api/describe.hpp"

namespace cloche::detail {
namespace {

std::string spell(const wasm::Limits& limits) {
  std::string text = limits.is_64 ? "i64 " : "";
  text += std::to_string(limits.min);
  if (limits.max) text += " " + std::to_string(*limits.max);
  return text;
}

std::string spell(const wasm::TableType& type) {
  return spell(type.limits) + " " + wasm::to_string(type.elem);
}

std::string spell(const wasm::MemType& type) {
  std::string text = spell(type.limits);
  if (type.shared) text += " shared";
  if (type.page_size_log2 != wasm::default_page_size_log2)
    text += " (pagesize " + std::to_string(uint64_t{1} << type.page_size_log2) + ")";
  return text;
}

std::string spell(const wasm::GlobalType& type) {
  const std::string text = wasm::to_string(type.type);
  return type.mutable_ ? "(mut " + text + ")" : text;
}

std::string spell_tag(const wasm::Module& module, const wasm::TagType& type) {
  return wasm::to_string(module.func_type(type.type).params);
}

std::string describe(const wasm::Module& module, const wasm::Export& item) {
  switch (item.kind) {
    case wasm::ExternKind::func:
      return wasm::to_string(module.func_type(wasm::FuncIdx(item.index)));
    case wasm::ExternKind::table:
      return spell(module.tables[item.index].type);
    case wasm::ExternKind::mem:
      return spell(module.mems[item.index].type);
    case wasm::ExternKind::global:
      return spell(module.globals[item.index].type);
    case wasm::ExternKind::tag:
      return spell_tag(module, module.tags[item.index].type);
  }
  return {};
}

}  // namespace

ExternKind public_kind(wasm::ExternKind kind) {
  switch (kind) {
    case wasm::ExternKind::func:
      return ExternKind::func;
    case wasm::ExternKind::table:
      return ExternKind::table;
    case wasm::ExternKind::mem:
      return ExternKind::memory;
    case wasm::ExternKind::global:
      return ExternKind::global;
    case wasm::ExternKind::tag:
      return ExternKind::tag;
  }
  return ExternKind::func;
}

ValueKind value_kind(wasm::ValType type) {
  if (type == wasm::ValType::i32()) return ValueKind::i32;
  if (type == wasm::ValType::i64()) return ValueKind::i64;
  if (type == wasm::ValType::f32()) return ValueKind::f32;
  if (type == wasm::ValType::f64()) return ValueKind::f64;
  return type.is_vec() ? ValueKind::v128 : ValueKind::ref;
}

ValueType value_type(wasm::ValType type) { return {value_kind(type), wasm::to_string(type)}; }

std::vector<ValueType> value_types(const wasm::ResultType& types) {
  std::vector<ValueType> list;
  list.reserve(types.size());
  for (const wasm::ValType type : types) list.push_back(value_type(type));
  return list;
}

std::string describe(const wasm::Module& module, const wasm::Import& import) {
  switch (import.kind) {
    case wasm::ExternKind::func:
      return wasm::to_string(module.func_type(import.func_type));
    case wasm::ExternKind::table:
      return spell(import.table);
    case wasm::ExternKind::mem:
      return spell(import.mem);
    case wasm::ExternKind::global:
      return spell(import.global);
    case wasm::ExternKind::tag:
      return spell_tag(module, import.tag);
  }
  return {};
}

std::vector<ExportInfo> exports_of(const wasm::Module& module) {
  std::vector<ExportInfo> list;
  list.reserve(module.exports.size());
  for (const wasm::Export& item : module.exports)
    list.push_back({std::string(item.name), public_kind(item.kind), describe(module, item)});
  return list;
}

std::string with_article(wasm::ExternKind kind) {
  switch (kind) {
    case wasm::ExternKind::func:
      return "a function";
    case wasm::ExternKind::table:
      return "a table";
    case wasm::ExternKind::mem:
      return "a memory";
    case wasm::ExternKind::global:
      return "a global";
    case wasm::ExternKind::tag:
      return "a tag";
  }
  return {};
}

}  // namespace cloche::detail
