// Diagnostics for programs: one JSON object per line.
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/diagnostic.hpp"

namespace cloche::diagnostics {

/// What an error is called by programs: "type_mismatch".
std::string_view code_name(wasm::ErrorCode code);

/// A line for each diagnostic:
///
///   {"file", "kind": "invalid", "code": "type_mismatch", "message", "span", "label",
///    "labels": [{"span", "text"}], "notes": ["…"], "helps": [{"text", "edits": [{"span", "text"}]}]}
///
/// A span is {"start": {"offset", "line", "column"}, "end": …}; lines and columns (in Unicode code points)
/// count from 1 and are left out for binaries; a span is null where there is no place. Offsets count bytes of
/// the file.
std::string to_json(const Report& report, std::string_view file, std::string_view source);

}  // namespace cloche::diagnostics
