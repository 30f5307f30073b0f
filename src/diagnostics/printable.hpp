// Text of unknown origin for terminals and logs.
#pragma once

#include <string>
#include <string_view>

namespace cloche::diagnostics {

/// The text with everything escaped that could move a cursor, change a color or reverse the reading
/// direction: control characters as \1b, others as \u{202e}, bytes that are no UTF-8 as \ff. What the text
/// format would call string escapes.
std::string printable(std::string_view text);

/// The length in bytes of the first character of a text that is not empty; 1 for a byte that begins none.
size_t character_length(std::string_view text);

}  // namespace cloche::diagnostics
