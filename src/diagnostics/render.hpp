// Diagnostics for people: "file:line:column: error: …", then the source with carets and labels, notes and
// help.
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/diagnostic.hpp"

namespace cloche::diagnostics {

struct RenderOptions {
  bool color = false;
};

/// All diagnostics of a report, with an empty line between them. `source` is the text that was checked; for
/// binaries it is not looked at. Tabs become spaces, what is not printable is escaped, long lines are
/// clipped.
std::string render(const Report& report, std::string_view file, std::string_view source,
                   const RenderOptions& options = {});

}  // namespace cloche::diagnostics
