// The host module "spectest" that the specification's scripts import (interpreter/README, "Spectest host
// module").
#pragma once

#include "runtime/linker.hpp"
#include "runtime/store.hpp"

namespace cloche::script {

/// Defines spectest's globals, table, memories and print functions in the linker. The print functions check
/// their arguments by their types and print nothing. With threads also `shared_memory`.
wasm::Result<void> define_spectest(runtime::Store& store, runtime::Linker& linker);

}  // namespace cloche::script
