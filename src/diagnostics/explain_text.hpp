// Errors of the text format: what was read, what may have been meant.
#pragma once

#include <string_view>

#include "diagnostics/diagnostic.hpp"
#include "text/parser.hpp"
#include "wasm/features.hpp"

namespace cloche::diagnostics {

/// The diagnostic of an error whose offset counts in `source`.
Diagnostic explain_text(std::string_view source, const text::SourceError& error, wasm::FeatureSet features);

}  // namespace cloche::diagnostics
