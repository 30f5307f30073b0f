// Diagnostics for people: "file:line:column: error: …", then the source with carets and labels, notes and
// help.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "diagnostics/diagnostic.hpp"

namespace cloche::diagnostics {

/// How errors begin; what Cloche says in addition is the same.
enum class RenderStyle : uint8_t {
  cloche,
  wabt,  // as wabt's commands begin: "file:line:column: error: …" or "file:0000034: error: …", the line,
         // carets
};

struct RenderOptions {
  bool color = false;
  RenderStyle style = RenderStyle::cloche;
};

/// All diagnostics of a report, with an empty line between them (not in wabt's style). `source` is the text
/// that was checked; for binaries it is not looked at. Tabs become spaces, what is not printable is escaped,
/// long lines are clipped.
std::string render(const Report& report, std::string_view file, std::string_view source,
                   const RenderOptions& options = {});

}  // namespace cloche::diagnostics
