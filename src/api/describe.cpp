#include "api/describe.hpp"

#include "runtime/describe.hpp"

namespace cloche::detail {
namespace {

/// "func [i32] -> []" as "[i32] -> []": the kind is told apart from the type here.
std::string without_kind(const std::string& text) { return text.substr(text.find(' ') + 1); }

std::string describe(const wasm::Module& module, const wasm::Export& item) {
  switch (item.kind) {
    case wasm::ExternKind::func:
      return runtime::describe_func(module.func_type(wasm::FuncIdx(item.index)));
    case wasm::ExternKind::table:
      return runtime::describe(module.tables[item.index].type);
    case wasm::ExternKind::mem:
      return runtime::describe(module.mems[item.index].type);
    case wasm::ExternKind::global:
      return runtime::describe(module.globals[item.index].type);
    case wasm::ExternKind::tag:
      return runtime::describe_tag(module.func_type(module.tags[item.index].type.type));
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
  return without_kind(runtime::describe(module, import));
}

std::vector<ExportInfo> exports_of(const wasm::Module& module) {
  std::vector<ExportInfo> list;
  list.reserve(module.exports.size());
  for (const wasm::Export& item : module.exports)
    list.push_back({std::string(item.name), public_kind(item.kind), without_kind(describe(module, item))});
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
