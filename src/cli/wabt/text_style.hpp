// The options of wabt's commands that print text.
#pragma once

#include "cli/wabt/tools.hpp"
#include "text/printer.hpp"

namespace cloche::cli {

/// What is common to all text printed as wabt prints it.
text::PrintOptions wabt_text_style();

/// -f, --inline-exports, --inline-imports, --generate-names.
void add_text_style_options(Options& options, text::PrintOptions& print);

}  // namespace cloche::cli
