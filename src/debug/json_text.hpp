// JSON strings.
#pragma once

#include "base/json_text.hpp"

namespace cloche::debug {

/// Appends a JSON string, quotes included.
inline void put_json(std::string& out, std::string_view text) { base::put_json_string(out, text); }

}  // namespace cloche::debug
