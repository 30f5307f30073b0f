// Validation by several threads, for those who only ask whether a module is valid.
#pragma once

#include <memory>

#include "validate/type_registry.hpp"
#include "wasm/error.hpp"
#include "wasm/module.hpp"

namespace cloche::validate {

/// Whether a decoded module is valid. Bodies are checked by `threads` threads, the calling one among them;
/// the result, also which error it is, is that of validate() whatever their number. Where the host gives no
/// more threads, those that there are do all of it.
wasm::Result<void> check_module(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry,
                                unsigned threads);

/// How many threads are worth their start: one if the bodies are short, at most one for two processors.
unsigned useful_threads(const wasm::Module& module);

}  // namespace cloche::validate
