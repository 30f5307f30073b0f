// Names for people: demangled, and chosen by pattern.
#pragma once

#include <string_view>

#include "dump/index.hpp"

namespace cloche::dump {

/// Puts demangled names in the place of all functions' names.
void demangle_funcs(Index& index);

/// Whether a pattern means a function, see symbols::func_matches.
bool func_matches(const Index& index, std::string_view pattern, uint32_t func);

}  // namespace cloche::dump
