// External types as words, for link errors and listings.
#pragma once

#include <string>

#include "wasm/module.hpp"
#include "wasm/types.hpp"

namespace cloche::runtime {

std::string describe_func(const wasm::FuncType& type);  // "func [i32] -> []"
std::string describe_tag(const wasm::FuncType& type);   // "tag [i32]"
std::string describe(const wasm::TableType& type);      // "table 10 20 funcref"
std::string describe(const wasm::MemType& type);        // "memory i64 1 2 shared"
std::string describe(const wasm::GlobalType& type);     // "global (mut i32)"
/// The type an import asks for, in the module's own type indices.
std::string describe(const wasm::Module& module, const wasm::Import& import);

}  // namespace cloche::runtime
