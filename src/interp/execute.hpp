// The one door into the interpreter.
#pragma once

#include "abi/context.hpp"

namespace cloche::interp {

/// Calls a function with its parameters at `args` as slots; results replace them there (args has room for the
/// larger of both). The arguments need not lie on the value stack. On a trap returns its code with
/// context->trap filled and the context's frame and sp as they were before the call. Never throws, never
/// recurses natively for wasm-to-wasm calls.
wasm::TrapCode call(abi::Context* context, abi::FuncObject* func, abi::Slot* args);

}  // namespace cloche::interp
