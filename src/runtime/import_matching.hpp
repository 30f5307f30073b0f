// Whether an object may stand for an import (spec: Execution / Modules / Import Matching).
#pragma once

#include "runtime/extern.hpp"
#include "runtime/module.hpp"

namespace cloche::runtime {

/// Checks one import. Fails: incompatible_import, naming the import and both types.
wasm::Result<void> match_import(const Module& module, const wasm::Import& import, const Extern& object);

}  // namespace cloche::runtime
