// The host module "spectest" that the specification's scripts import (interpreter/README, "Spectest host
// module").
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "runtime/linker.hpp"
#include "runtime/store.hpp"

namespace cloche::script {

/// Is told of a call of a print function.
using PrintSink = std::function<void(std::string_view name, std::span<const runtime::Value> args)>;

/// Defines spectest's globals, table, memories and print functions in the linker. The print functions check
/// their arguments by their types; without a sink they print nothing.
wasm::Result<void> define_spectest(runtime::Store& store, runtime::Linker& linker,
                                   const PrintSink& sink = {});

}  // namespace cloche::script
