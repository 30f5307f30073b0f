// Names for people: demangled, and chosen by pattern.
#pragma once

#include <string>
#include <string_view>

#include "dump/index.hpp"

namespace cloche::dump {

/// The C++ name, or the Rust one of the older scheme, that a linker symbol stands for; the symbol itself when
/// it is none, or longer than 4096 bytes.
std::string demangle(std::string_view symbol);
/// Puts demangled names in the place of all functions' names.
void demangle_funcs(Index& index);

/// Whether a text is what a pattern describes: `*` stands for any characters, `?` for one. Takes time
/// proportional to the product of both lengths at most.
bool matches_pattern(std::string_view pattern, std::string_view text);
/// Whether a function's name, or its index in decimal, matches.
bool func_matches(const Index& index, std::string_view pattern, uint32_t func);

}  // namespace cloche::dump
