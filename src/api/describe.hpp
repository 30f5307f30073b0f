// Types and declarations of modules as the public API spells them.
#pragma once

#include <string>
#include <vector>

#include "cloche/engine.hpp"
#include "wasm/module.hpp"

namespace cloche::detail {

ExternKind public_kind(wasm::ExternKind kind);
ValueKind value_kind(wasm::ValType type);
ValueType value_type(wasm::ValType type);
std::vector<ValueType> value_types(const wasm::ResultType& types);

/// The type of an import, as ImportInfo::type has it.
std::string describe(const wasm::Module& module, const wasm::Import& import);

std::vector<ExportInfo> exports_of(const wasm::Module& module);

/// "a function", "a memory", … for messages.
std::string with_article(wasm::ExternKind kind);

}  // namespace cloche::detail
