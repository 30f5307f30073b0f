// Makes function bodies ready to run, on first call.
#pragma once

#include "abi/context.hpp"

namespace cloche::interp {

/// The prepared body of a function, made now if it is not there yet (and quickened, if the context asks for
/// that from the first call). Thread-safe: of two threads that prepare the same function one wins, and both
/// get its work. Null when memory runs out.
const abi::PreparedCode* prepare(const abi::Context* context, abi::FuncCode& code);

}  // namespace cloche::interp
