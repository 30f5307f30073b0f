// The two lines that wabt's commands show of a source text: the line, cut to a width, and carets beneath it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cloche::diagnostics {

/// Bytes [begin, end) of `line` marked; both lines with their ends. What does not fit is replaced by "...",
/// so that the mark is in the middle. Control characters and tabs come as in other excerpts.
std::string wabt_excerpt(std::string_view line, size_t begin, size_t end, bool color);

}  // namespace cloche::diagnostics
