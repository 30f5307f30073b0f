// Text in HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace cloche::debug {

/// The text with what means something in HTML and XML escaped, also in attributes. Control characters become
/// spaces, but for tabs and line breaks: XML knows no others, not even escaped.
inline std::string markup_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F ? ' ' : c;
  }
  return out;
}

}  // namespace cloche::debug
