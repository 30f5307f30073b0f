// A trap as a person reads it: reason, what the machine showed, backtrace.
#include <cstdio>

#include "cloche/error.hpp"
#include "diagnostics/printable.hpp"
#include "symbols/demangle.hpp"
#include "symbols/place.hpp"

namespace cloche {
namespace {

using diagnostics::printable;

std::string place_text(const SourcePlace& place) {
  const symbols::Place plain{place.file, place.position.line, place.position.column};
  return printable(plain.to_string());
}

/// ", file.c:3:5", and of inlined functions ", file.c:3:5 in inner, inlined at file.c:9:7".
std::string source_of(const TraceFrame& frame) {
  if (!frame.place) return {};
  std::string text = ", " + place_text(*frame.place);
  for (const InlinedCall& call : frame.inlined) {
    text += " in " + printable(symbols::demangle(call.function)) + ", inlined";
    if (call.call.position.line != 0) text += " at " + place_text(call.call);
  }
  return text;
}

/// The lines of a text, indented.
std::string indented(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines += "  " + printable(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string frame_line(size_t number, const TraceFrame& frame) {
  const std::string name = frame.function.empty() ? "function " + std::to_string(frame.function_index)
                                                  : "$" + printable(symbols::demangle(frame.function));
  std::string line = "  " + std::to_string(number) + ": " + name;
  if (frame.is_host) return line + " (host)\n";
  char offset[32];
  std::snprintf(offset, sizeof offset, " at 0x%llx", static_cast<unsigned long long>(frame.offset));
  return line + offset + source_of(frame) + "\n";
}

}  // namespace

std::string Trap::report() const {
  // A host function's message is one line; what the machine shows are several.
  const bool is_message = detail.find('\n') == std::string::npos && reason == "host error";
  std::string text = reason;
  text += is_message && !detail.empty() ? ": " + printable(detail) + "\n" : "\n";
  if (!is_message) text += indented(detail);
  size_t number = 0;
  for (const TraceFrame& frame : trace) {
    text += frame_line(number++, frame);
    if (frames_omitted != 0 && number == trace.size() / 2) {
      text += "  … " + std::to_string(frames_omitted) + " more\n";
      number += frames_omitted;
    }
  }
  return text;
}

}  // namespace cloche
