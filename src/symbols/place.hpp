// Places in source files, as people are told them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cloche::symbols {

/// A line of a source file. Line and column count from 1; 0 is "unknown".
struct Place {
  std::string file;  // as its producer named it; empty for text without a file
  uint32_t line = 0;
  uint32_t column = 0;

  bool known() const { return line != 0; }
  /// "file.c:12:5", "file.c:12", or "12:5" without a file. Empty when unknown.
  std::string to_string() const;
  friend bool operator==(const Place&, const Place&) = default;
};

/// A function that the producer compiled into the place of a call.
struct InlinedCall {
  std::string function;
  Place call;  // where it was called
  friend bool operator==(const InlinedCall&, const InlinedCall&) = default;
};

/// What the source says about an instruction.
struct SourceLocation {
  Place place;
  std::vector<InlinedCall> inlined;  // innermost first; empty when the instruction is of the function itself
};

}  // namespace cloche::symbols
