// Makes function bodies ready to run, on first call.
#pragma once

#include "abi/context.hpp"
#include "interp/table.hpp"

namespace cloche::interp {

/// The prepared body of a function, made now if it is not there yet. Thread-safe: of two threads that prepare
/// the same function one wins, and both get its work. Null when memory runs out.
abi::PreparedCode* prepare(abi::FuncCode& code);

}  // namespace cloche::interp
