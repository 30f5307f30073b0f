// The functions themselves, in the files calls_*.cpp by subject. Only define.cpp calls them.
#pragma once

#include "wasi/arguments.hpp"

namespace cloche::wasi::functions {

// An argument that is taken by value holds what its type says (an open descriptor, checked memory) until the
// call ends.
#define FUNCTION(name, ...) Done name(Call& call __VA_OPT__(, ) __VA_ARGS__);
#define PROCEDURE(name, ...) void name(Call& call __VA_OPT__(, ) __VA_ARGS__);
#include "wasi/functions.def"
#undef FUNCTION
#undef PROCEDURE

/// wasi-threads: the new thread's number, or a negative errno.
int32_t thread_spawn(Call& call, uint32_t argument);

}  // namespace cloche::wasi::functions
