// Which functions somebody means who writes a name.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloche::symbols {

/// Whether `*` (any characters) and `?` (any one) in the pattern can stand for something so that it is the
/// text. Takes time proportional to the product of both lengths at most.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// Whether the pattern means the function: its index, its name with or without "$", or a C++ name without the
/// parameters, all but the index with * and ?.
bool func_matches(std::string_view pattern, std::string_view name, uint32_t index);

}  // namespace cloche::symbols
