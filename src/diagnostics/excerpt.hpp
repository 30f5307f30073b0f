// The line an error is about, with a mark below the place.
#pragma once

#include <string>

#include "text/source_text.hpp"

namespace cloche::diagnostics {

/// Two lines, each with its end:
///
///     2 |   (func (i32.cnst 1)))
///       |          ^
///
/// Tabs become spaces, what is not printable is escaped, and of a long line only the part around the place is
/// shown. Empty when the source has no such line.
std::string excerpt(const text::SourceText& source, text::LineColumn place);

}  // namespace cloche::diagnostics
