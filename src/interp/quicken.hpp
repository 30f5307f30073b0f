// Quickening: a private copy of a warm body, of the same length and offsets, in which straight-line sequences
// are overwritten by a superinstruction and its operands.
#pragma once

#include "abi/code.hpp"

namespace cloche::interp {

/// Gives `code` its quickened copy, unless it has one. Thread-safe.
void quicken(abi::PreparedCode& code);

}  // namespace cloche::interp
