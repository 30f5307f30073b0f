// Texts that are put into the command when it is built: docs/topics/*.md for `cloche help TOPIC`, and the
// scripts in completion/ for `cloche completion SHELL`.
#pragma once

#include <span>
#include <string_view>

namespace cloche::cli {

struct Embedded {
  std::string_view name;  // of the file, without .md
  std::string_view text;

  /// The first line, without the "# " of a heading.
  std::string_view title() const;
};

/// Concepts, by name.
std::span<const Embedded> topics();

/// The shells that there is completion for, and its script.
std::span<const Embedded> shells();

}  // namespace cloche::cli
