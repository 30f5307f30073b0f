// Writes JSON strings (RFC 8259).
#pragma once

#include <string>
#include <string_view>

#include "base/output.hpp"

namespace cloche::base {

/// Appends a JSON string, quotes included. What JSON does not allow in a string is escaped; each byte that
/// belongs to no UTF-8 character becomes U+FFFD, the replacement character.
void put_json_string(std::string& out, std::string_view text);
void put_json_string(Output& out, std::string_view text);

}  // namespace cloche::base
