// Whether a script's actions fit the modules they are about: names, the number of arguments and results, and
// their types as far as scripts can write them.
#pragma once

#include "text/script.hpp"
#include "wasm/module.hpp"

namespace cloche::script {

/// The export that an action is about; null when there is none, or not of the action's kind.
const wasm::FuncType* find_func(const wasm::Module& module, std::string_view name);
const wasm::GlobalType* find_global(const wasm::Module& module, std::string_view name);

/// Checks the action of a command and, for assert_return, the results. `module` is null where the script has
/// no such module. Fails: bad_argument (no module), unknown_export, signature_mismatch; with the action's
/// offset.
wasm::Result<void> check_action(const text::Command& command, const wasm::Module* module);

}  // namespace cloche::script
