// Quickening: a private copy of a warm body, of the same length and offsets, in which straight-line sequences
// are overwritten by a superinstruction and its operands (see layout.hpp, fuse.hpp, sequences.def).
//
// At the beginning and end of every sequence the machine state is what the original bytes would have made it,
// so the two copies can be changed at any such place by adding a constant to pc.
#pragma once

#include "abi/code.hpp"

namespace cloche::interp {

/// Gives `code` its quickened copy, unless it has one or cannot have one. Thread-safe. When memory runs out
/// the code stays as it is.
void quicken(abi::PreparedCode& code);

}  // namespace cloche::interp
