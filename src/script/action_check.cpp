#include "script/action_check.hpp"

#include <algorithm>

namespace cloche::script {
namespace {

using text::Command;
using text::ResultPattern;
using text::ScriptConst;
using wasm::ErrorCode;
using wasm::ValType;

const wasm::Export* find_export(const wasm::Module& module, std::string_view name, wasm::ExternKind kind) {
  for (const wasm::Export& exported : module.exports)
    if (exported.name == name && exported.kind == kind) return &exported;
  return nullptr;
}

bool fits(const ScriptConst& constant, ValType type) {
  switch (constant.kind) {
    case ScriptConst::Kind::number:
      return constant.type == type;
    case ScriptConst::Kind::vector:
      return type.is_vec();
    default:
      return type.is_ref();
  }
}

bool fits(const ResultPattern& pattern, ValType type) {
  switch (pattern.kind) {
    case ResultPattern::Kind::number:
      return pattern.type == type;
    case ResultPattern::Kind::vector:
      return type.is_vec();
    case ResultPattern::Kind::either:
      return std::any_of(pattern.alternatives.begin(), pattern.alternatives.end(),
                         [&](const ResultPattern& each) { return fits(each, type); });
    default:
      return type.is_ref();
  }
}

/// Of a number, its type, as an apposition.
template <class Item>
std::string type_of(const Item& item) {
  return item.kind == Item::Kind::number ? ", of type " + wasm::to_string(item.type) + "," : "";
}

template <class Item>
wasm::Result<void> check_list(const std::vector<Item>& given, const wasm::ResultType& types,
                              std::string_view what, uint32_t offset) {
  if (given.size() != types.size())
    return wasm::fail(ErrorCode::signature_mismatch, offset,
                      (given.size() < types.size() ? "too few " : "too many ") + std::string(what) + "s: " +
                          std::to_string(given.size()) + " instead of " + std::to_string(types.size()));
  for (size_t i = 0; i < given.size(); ++i)
    if (!fits(given[i], types[i]))
      return wasm::fail(ErrorCode::signature_mismatch, offset,
                        std::string(what) + " " + std::to_string(i) + type_of(given[i]) + " is not of type " +
                            wasm::to_string(types[i]));
  return {};
}

}  // namespace

const wasm::FuncType* find_func(const wasm::Module& module, std::string_view name) {
  const wasm::Export* const exported = find_export(module, name, wasm::ExternKind::func);
  if (exported == nullptr || exported->index >= module.funcs.size()) return nullptr;
  const wasm::TypeIdx type = module.funcs[exported->index].type;
  if (type.value >= module.types.size() || module.types[type.value].comp.kind != wasm::CompKind::func)
    return nullptr;
  return &module.func_type(type);
}

const wasm::GlobalType* find_global(const wasm::Module& module, std::string_view name) {
  const wasm::Export* const exported = find_export(module, name, wasm::ExternKind::global);
  if (exported == nullptr || exported->index >= module.globals.size()) return nullptr;
  return &module.globals[exported->index].type;
}

wasm::Result<void> check_action(const Command& command, const wasm::Module* module) {
  const text::Action& action = command.action;
  const bool compares = command.kind == text::CommandKind::assert_return;
  if (module == nullptr)
    return wasm::fail(
        ErrorCode::bad_argument, action.offset,
        action.module.empty() ? "there is no module" : "there is no module $" + std::string(action.module));
  const auto unknown = [&] {
    return wasm::fail(ErrorCode::unknown_export, action.offset, "\"" + std::string(action.name) + "\"");
  };
  if (action.kind == text::Action::Kind::get) {
    const wasm::GlobalType* const global = find_global(*module, action.name);
    if (global == nullptr) return unknown();
    return compares ? check_list(command.results, {global->type}, "result", action.offset)
                    : wasm::Result<void>();
  }
  const wasm::FuncType* const func = find_func(*module, action.name);
  if (func == nullptr) return unknown();
  TRY(check_list(action.args, func->params, "argument", action.offset));
  return compares ? check_list(command.results, func->results, "result", action.offset)
                  : wasm::Result<void>();
}

}  // namespace cloche::script
