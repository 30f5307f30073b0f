// Edits of source text that are always the same: made of the text alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.hpp"

namespace cloche::diagnostics {

/// The text with all edits made; they must not overlap.
std::string apply_edits(std::string_view source, std::vector<Edit> edits);

/// A new field at the end of the module.
std::vector<Edit> add_field(std::string_view source, std::string_view field);

/// "(mut TYPE)" in the definition of a global that begins at `place`; none where the type is not found.
std::vector<Edit> make_mutable(std::string_view source, Span place, std::string_view type);

/// `before` in front of a span and `after` behind it.
std::vector<Edit> wrap(Span span, std::string before, std::string after);

/// Each span's text in the place of the other.
std::vector<Edit> swap(std::string_view source, Span a, Span b);

}  // namespace cloche::diagnostics
